// Opens pages in headless Chromium and says, as one JSON object a page, what is wrong with them. Also validates them.
// usage: node check.mjs CHROMIUM FOLDER-FOR-SCREENSHOTS PAGE.html...
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { HtmlValidate } from 'html-validate';
import puppeteer from 'puppeteer-core';

const require = createRequire(import.meta.url);
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [chromium, folder, ...pages] = process.argv.slice(2);

const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });

async function validate(file) {
  const report = await validator.validateFile(file);
  return report.results.flatMap((result) => result.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
}

async function look(browser, file, theme, width) {
  const page = await browser.newPage();
  const found = { theme, width, console: [], requests: [], axe: [] };
  page.on('console', (message) => found.console.push(message.text()));
  page.on('pageerror', (error) => found.console.push(String(error)));
  page.on('dialog', async (dialog) => { found.console.push('dialog'); await dialog.dismiss(); });
  page.on('request', (request) => { if (request.url() !== String(pathToFileURL(file))) found.requests.push(request.url().slice(0, 200)); });
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
  await page.goto(pathToFileURL(file), { waitUntil: 'load' });
  found.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  found.scripts = await page.evaluate(() => document.scripts.length);
  found.figures = await page.evaluate(() => [...document.querySelectorAll('figure')].map((figure) => figure.id));
  found.background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  // Every mark of the keyboard's path, in turn, shows what it stands for, and nothing but it.
  found.readouts = await page.evaluate(() => [...document.querySelectorAll('.point')].map((point) => {
    point.focus();
    return [...document.querySelectorAll('.readout')].filter((r) => getComputedStyle(r).visibility === 'visible').map((r) => r.textContent);
  }));
  // No text of a figure is cut off by the figure's own edge.
  found.cut = await page.evaluate(() => [...document.querySelectorAll('figure svg')].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
    const [, , w, h] = svg.getAttribute('viewBox').split(' ').map(Number);
    return [...svg.querySelectorAll('text:not([transform])')].filter((text) => {
      const box = text.getBBox();
      return box.x < 0 || box.y < 0 || box.x + box.width > w || box.y + box.height > h;
    }).map((text) => text.textContent);
  }));
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  await page.evaluate(`${axe}; 0`);
  const { violations } = await page.evaluate(() => window.axe.run());
  found.axe = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
  await page.reload({ waitUntil: 'load' });
  await page.screenshot({ path: path.join(folder, `${path.basename(file, '.html')}-${theme}-${width}.png`), fullPage: true });
  if (theme === 'dark' && width > 600) // paper is light, whatever the screen is
    await page.pdf({ path: path.join(folder, `${path.basename(file, '.html')}.pdf`), format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' } });
  await page.close();
  return found;
}

// The links below a figure save files, from inside the page. Gives what the first of them saved.
async function saved(browser, file) {
  const page = await browser.newPage();
  const target = path.join(folder, 'downloads');
  fs.mkdirSync(target, { recursive: true });
  const client = await page.createCDPSession();
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: target, eventsEnabled: true });
  await page.goto(pathToFileURL(file), { waitUntil: 'load' });
  const link = await page.$('a[download]');
  if (!link) return null;
  const finished = new Promise((resolve, reject) => {
    client.on('Browser.downloadProgress', (event) => { if (event.state !== 'inProgress') resolve(event.state); });
    setTimeout(() => reject(new Error('no download within 30 s')), 30000).unref();
  });
  const name = await link.evaluate((element) => { element.click(); return element.download; });
  const state = await finished;
  await page.close();
  return { name, state, content: fs.readFileSync(path.join(target, name), 'utf8') };
}

const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const answer = [];
  for (const file of pages) {
    const looks = [];
    for (const [theme, width] of [['light', 390], ['dark', 1100]]) looks.push(await look(browser, file, theme, width));
    answer.push({ page: path.basename(file), html: await validate(file), looks, saved: await saved(browser, file) });
  }
  process.stdout.write(JSON.stringify(answer));
} finally {
  await browser.close();
}
