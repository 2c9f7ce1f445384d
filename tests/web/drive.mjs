// Opens the page that verifies in headless Chromium, as a person would, and says what it shows.
// usage: node drive.mjs CHROMIUM FOLDER JOBS.json
// A job: {page: path or address, give: [paths], by: "files", "folder" or "drop", reference, noMemory, theme, width, then: [...]}, where `then` is of
//   "done"       wait until nothing is left to check
//   "running"    wait until a certificate is being checked and its progress is known
//   "cancel"     press the button for it
//   "receipts"   save every receipt
//   "weights F", "claim F"   give the first certificate this file, by its own button
//   "axe"        look for what keeps people out, with everything unfolded
//   "shot NAME"  take a picture
//   "keys"       walk through all that takes the keyboard
//   "escape"     try to reach the network, and to run what the policy forbids
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const require = createRequire(new URL('../page/', import.meta.url));
const puppeteer = require('puppeteer-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [chromium, folder, listed] = process.argv.slice(2);
const patience = Number(process.env.PATIENCE ?? 600_000);

const cards = (page) => page.evaluate(() => [...document.querySelectorAll('.card')].map((card) => ({
  title: card.querySelector('h2').textContent,
  verdict: card.dataset.verdict,
  shown: card.querySelector('.verdict')?.textContent ?? null,
  said: card.querySelector('pre')?.textContent ?? null,
  text: card.innerText,
})));

async function give(page, job) {
  if (job.by === 'drop') {
    const client = await page.createCDPSession();
    const data = { items: [], files: job.give, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop']) await client.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
  } else {
    await (await page.$(job.by === 'folder' ? '#folder' : '#files')).uploadFile(...job.give);
  }
}

// What each link would save, and what the first of them did save.
async function saveReceipts(page, found) {
  found.receipts = {};
  for (const card of await page.$$('.card')) {
    const link = await card.$('a[download]');
    if (link) found.receipts[await card.$eval('h2', (h) => h.textContent)] = await link.evaluate((a) => window.blobs.get(a.href).text());
  }
  const first = await page.$('a[download]');
  if (!first) return;
  const target = fs.mkdtempSync(path.join(folder, 'receipts-'));
  const client = await page.createCDPSession();
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: target, eventsEnabled: true });
  const ended = new Promise((done) => client.on('Browser.downloadProgress', (event) => { if (event.state !== 'inProgress') done(); }));
  await first.evaluate((a) => a.click());
  await ended;
  found.saved = fs.readFileSync(path.join(target, fs.readdirSync(target)[0]), 'utf8'); // under a name that disks take
}

async function act(page, found, step) {
  const [word, what] = step.split(/ (.*)/s);
  if (word === 'done') {
    const done = () => document.querySelectorAll('.card').length > 0 && ![...document.querySelectorAll('.card')].some((c) => c.dataset.verdict === 'none');
    await page.waitForFunction(done, { timeout: patience }).catch(async (error) => {
      const open = (await cards(page)).filter((card) => card.verdict === 'none').map((card) => `${card.title}: ${card.text}`);
      throw new Error(`${error.message}; ${open.length} are open, the first: ${open[0]}`);
    });
  } else if (word === 'running') {
    await page.waitForFunction(() => [...document.querySelectorAll('.state')].some((s) => /Checking: [0-9]+ %/.test(s.textContent)), { timeout: patience });
    const before = Date.now();
    await page.evaluate(() => document.title);
    found.answersWithin = Date.now() - before;
    found.whileRunning = await cards(page);
  } else if (word === 'cancel') {
    await (await page.waitForSelector('.now button')).click();
  } else if (word === 'receipts') {
    await saveReceipts(page, found);
  } else if (word === 'weights' || word === 'claim') {
    const inputs = await page.$$('.card .actions input');
    await inputs[word === 'weights' ? 0 : 1].uploadFile(what);
  } else if (word === 'axe') {
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    await page.evaluate(`${axe}; 0`);
    const { violations } = await page.evaluate(() => window.axe.run());
    found.axe = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = false; }));
  } else if (word === 'shot') {
    await page.screenshot({ path: path.join(folder, `${what}.png`), fullPage: true });
  } else if (word === 'keys') {
    found.keys = [];
    await page.evaluate(() => { document.activeElement.blur(); window.scrollTo(0, 0); });
    for (let i = 0; i < 30; ++i) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => { const e = document.activeElement; return e === document.body ? null : e.id || e.textContent || e.closest('label')?.textContent || e.tagName; });
      if (!name) break;
      found.keys.push(name.slice(0, 60));
    }
  } else if (word === 'escape') {
    found.escaped = await page.evaluate(async () => {
      const ways = {
        fetch: () => fetch('http://127.0.0.1:9/'),
        data: () => fetch('data:,x'),
        image: () => new Promise((done, fail) => { const image = new Image(); image.onload = done; image.onerror = fail; image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='; }),
        socket: () => new Promise((done, fail) => { const socket = new WebSocket('ws://127.0.0.1:9/'); socket.onopen = done; socket.onerror = fail; }),
        script: () => new Promise((done, fail) => { const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script); script.remove(); window.ran ? done() : fail(); }),
        evaluation: async () => new Function('return 1')(),
      };
      const escaped = [];
      for (const [name, way] of Object.entries(ways)) await Promise.resolve().then(way).then(() => escaped.push(name), () => {});
      return escaped;
    });
  } else {
    throw new Error(`no such step: ${step}`);
  }
}

const browser = await puppeteer.launch({ executablePath: chromium, headless: true, protocolTimeout: patience,
  args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] });
try {
  const answers = [];
  for (const job of JSON.parse(fs.readFileSync(listed, 'utf8'))) {
    const page = await browser.newPage();
    const address = /^http/.test(job.page) ? job.page : String(pathToFileURL(job.page));
    const found = { console: [], requests: [] };
    let looking = true; // what "escape" tries makes noise
    page.on('console', (message) => looking && found.console.push(message.text()));
    page.on('pageerror', (error) => found.console.push(String(error)));
    page.on('dialog', async (dialog) => { found.console.push('dialog'); await dialog.dismiss(); });
    page.on('request', (request) => { if (looking && request.url() !== address && !request.url().startsWith('blob:')) found.requests.push(request.url().slice(0, 200)); });
    await page.setViewport({ width: job.width ?? 1100, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: job.theme ?? 'light' }]);
    await page.evaluateOnNewDocument((noMemory) => { // texts that the page offers to save; a worker whose memory cannot grow
      const make = URL.createObjectURL;
      window.blobs = new Map();
      URL.createObjectURL = (given) => {
        const grown = 'WebAssembly.Memory.prototype.grow = () => { throw new RangeError(); };';
        const blob = noMemory && given.type === 'text/javascript' ? new Blob([grown, given], { type: given.type }) : given;
        const url = make.call(URL, blob);
        window.blobs.set(url, blob);
        return url;
      };
    }, job.noMemory ?? false);
    await page.goto(address, { waitUntil: 'load' });
    if (job.reference) await page.click('#reference');
    const started = performance.now();
    await give(page, job);
    for (const step of job.then) {
      if (step === 'escape') looking = false;
      await act(page, found, step);
      if (step === 'done') found.seconds = (performance.now() - started) / 1000;
    }
    found.cards = await cards(page);
    found.status = await page.$eval('#status', (e) => e.textContent);
    found.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    found.figures = await page.$$eval('figure svg', (all) => all.map((svg) => svg.getAttribute('aria-label')));
    found.foreign = await page.$$eval('.card *, #overview *', (all) => all.filter((e) => ['SCRIPT', 'IMG', 'IFRAME', 'OBJECT', 'LINK', 'STYLE'].includes(e.tagName.toUpperCase())).length);
    answers.push(found);
    await page.close();
  }
  process.stdout.write(JSON.stringify(answers));
} finally {
  await browser.close();
}
