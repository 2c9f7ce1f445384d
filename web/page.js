// The page: takes files, has a worker verify each certificate, and shows what came of it. Nothing here decides anything, and nothing
// that a file says becomes markup: elements are made one by one, and texts are texts.
'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const packed = new Blob([Uint8Array.from(atob(byId('engine-wasm').textContent), (c) => c.charCodeAt(0))]);
  const engine = new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  const code = JSON.parse(byId('engine-code').textContent);
  const workerUrl = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }
  function makeSvg(tag, attributes, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }
  const note = (text) => { byId('note').textContent = text; };
  const say = (text) => { byId('status').textContent = text; };

  // ---- files -----------------------------------------------------------------------------------------------------------

  // What a file is: its kind, or nothing where it is no business of a verifier. What was chosen by itself and is not known is taken
  // for a certificate: the verifier says what is wrong with it.
  async function kindOf(file, byItself) {
    if (/\.safetensors$/i.test(file.name)) return 'weights';
    if (/\.json$/i.test(file.name)) {
      const start = await file.slice(0, 4096).text().catch(() => '');
      const format = /"format"\s*:\s*"proofmark-(certificate|claim|receipt)"/.exec(start);
      if (format) return format[1];
    }
    return byItself ? 'certificate' : null;
  }

  // Files of one folder belong together: its weights and its claim are asked of its certificates, and its receipt is compared.
  async function take(files) {
    const folders = new Map();
    for (const { file, folder } of files) {
      const kind = await kindOf(file, folder === '');
      if (!kind) continue;
      if (!folders.has(folder)) folders.set(folder, { certificate: [], claim: [], weights: [], receipt: [] });
      folders.get(folder)[kind].push(file);
    }
    const alone = (list) => (list.length === 1 ? list[0] : null);
    let certificates = 0;
    for (const [folder, found] of folders) {
      for (const certificate of found.certificate) {
        const name = folder === '' ? certificate.name : `${folder}/${certificate.name}`;
        add(new Card(name, certificate, alone(found.claim), alone(found.weights), alone(found.receipt)));
        ++certificates;
      }
      if (found.certificate.length === 0 && (found.claim.length > 0 || found.weights.length > 0))
        for (const card of cards) { card.ask(alone(found.claim), alone(found.weights)); ++certificates; }
    }
    note(certificates === 0 ? 'No certificate was found in what was given.' : '');
  }

  // All files below a folder that was dropped, by whichever of two ways the browser has: of a page from disk, Chromium has the
  // first alone, and Firefox the second.
  async function filesOfHandle(handle, folder) {
    const found = [];
    for await (const inner of handle.values())
      found.push(...(inner.kind === 'directory' ? await filesOfHandle(inner, `${folder}/${inner.name}`) : [{ file: await inner.getFile(), folder }]));
    return found;
  }
  async function filesOfEntry(entry, folder) {
    const reader = entry.createReader(), found = [];
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (some.length === 0) return found;
      for (const inner of some)
        found.push(...(inner.isDirectory ? await filesOfEntry(inner, `${folder}/${inner.name}`) : [{ file: await new Promise((done, fail) => inner.file(done, fail)), folder }]));
    }
  }
  // An item must be asked while its event lasts; what comes back may take its time.
  function filesOf(item) {
    const file = item.getAsFile(), entry = item.webkitGetAsEntry?.();
    if (!entry?.isDirectory) return Promise.resolve(file ? [{ file, folder: '' }] : []);
    if (item.getAsFileSystemHandle) return item.getAsFileSystemHandle().then((handle) => filesOfHandle(handle, handle.name));
    return filesOfEntry(entry, entry.name);
  }

  // ---- one certificate -------------------------------------------------------------------------------------------------

  const cards = [], waiting = [];
  let running = null;

  const formulas = {
    'cross-entropy': (N) => `(1/${N}) Σₜ −ln softmax(f(t))[y(t)]`,
    accuracy: (N) => `#{t : f(t)[y(t)] > f(t)[c] for all c ≠ y(t)} / ${N}`,
    margin: () => 'minₜ min over c ≠ y(t) of f(t)[y(t)] − f(t)[c]',
    length: () => 'operations of this check',
  };
  const inWords = { VERIFIED: 'Verified', REJECTED: 'Rejected', MALFORMED: 'Malformed', DECLINED: 'Declined', ERROR: 'Error' };
  const outOfMemory = 's ERROR\nc reason internal\nc expected enough memory\nc found not enough\n';

  class Card {
    constructor(name, certificate, claim, weights, besideIt) {
      Object.assign(this, { name, certificate, claim, weights, besideIt });
      this.title = make('h2', {}, name);
      this.body = make('div');
      this.element = make('article', { class: 'card' }, this.title, this.body);
    }
    ask(claim, weights) { // again, of other files too
      this.cancel();
      if (claim) this.claim = claim;
      if (weights) this.weights = weights;
      enqueue(this);
    }
    async start() {
      const wasm = await engine;
      if (running !== this) return; // cancelled meanwhile
      this.startedAt = performance.now();
      this.worker = new Worker(workerUrl);
      this.worker.onmessage = ({ data }) => this[data.what](data.value);
      this.worker.onerror = (event) => { event.preventDefault(); this.broken(event.message || 'the worker ended'); };
      this.worker.postMessage({ wasm, files: [this.certificate, this.claim, this.weights], byReference: byId('reference').checked });
      this.state.textContent = 'Reading. Nothing is verified yet.';
    }
    stop() {
      if (this.worker) this.worker.terminate();
      this.worker = null;
      const place = waiting.indexOf(this);
      if (place >= 0) waiting.splice(place, 1);
      if (running === this) { running = null; next(); }
    }
    cancel() {
      const busy = this.worker || waiting.includes(this);
      this.stop();
      if (busy) this.conclude('CANCELLED', 'Cancelled: nothing was verified', []);
    }

    // What the worker tells, in turn: outline, progress, receipt, answer; or broken.
    outline(text) {
      const stated = JSON.parse(text);
      this.stated = stated;
      const relation = (claim) => (claim.direction === 'upper' ? '≤' : '≥');
      this.about.replaceChildren(
        make('p', {}, `The task: ${stated.task}. The certificate claims:`),
        make('ul', { class: 'claims' }, ...stated.claims.map((claim) => make('li', {}, claim.words,
          make('code', { class: 'formula' }, `${formulas[claim.quantity](stated.inputs)} ${relation(claim)} ${claim.bound}`)))),
        make('p', {}, `y(t) is the label of the input t, and f is the model, ${stated.function}:`),
        make('code', { class: 'formula' }, stated.formula),
        make('p', { class: 'small' }, `weights sha256 ${stated.model}; proof: ${stated.proof}`));
      this.state.textContent = 'Checking. Nothing is verified yet.';
    }
    progress({ done, total }) {
      this.bar.max = total;
      this.bar.value = done;
      const seconds = (performance.now() - this.startedAt) / 1000, left = Math.ceil((seconds * (total - done)) / done);
      const time = left >= 120 ? `${Math.round(left / 60)} minutes` : `${left} s`;
      this.state.textContent = `Checking: ${Math.floor((100 * done) / total)} %${seconds > 1 ? `, about ${time} left` : ''}. Nothing is verified yet.`;
    }
    receipt(text) { this.receiptText = text; }
    async answer(summary) {
      const lines = summary.split('\n').filter((line) => line !== '');
      const verdict = lines[0].slice(2);
      const said = lines.slice(1).map((line) => line.slice(2)); // without "c "
      const extra = [];
      if (this.besideIt && this.receiptText) {
        const same = (await this.besideIt.text()) === this.receiptText;
        extra.push(make('p', same ? {} : { class: 'warning' }, same ? 'The receipt beside it is the same, to the byte.' : 'The receipt beside it says something else.'));
      }
      this.stop();
      this.verdict = verdict;
      this.numbers = this.receiptText ? JSON.parse(this.receiptText) : null;
      this.conclude(verdict, inWords[verdict] || verdict, said, extra);
    }
    broken(why) {
      this.stop();
      this.conclude('ERROR', 'Error', ['reason internal', 'expected work that comes to an end', `found ${why}`]);
    }
    memory() {
      this.receiptText = null;
      this.answer(outOfMemory);
    }

    prepare() { // before it runs: what was found before is gone
      this.verdict = this.numbers = this.receiptText = null;
      this.state = make('p', { class: 'state' }, 'Waiting. Nothing is verified yet.');
      this.bar = make('progress', { 'aria-label': `How much of ${this.name} is checked` });
      this.about = make('div');
      const cancel = make('button', { type: 'button' }, 'Cancel');
      cancel.addEventListener('click', () => this.cancel());
      this.now = make('div', { class: 'now' }, this.state, this.bar, cancel);
      this.with = make('p', { class: 'small' }, ...this.askedOf());
      this.body.replaceChildren(this.now, this.with, this.about);
      this.element.dataset.verdict = 'none';
      showOverview();
    }
    askedOf() {
      const files = [this.claim && `the claims of ${this.claim.name}`, this.weights && `the weights of ${this.weights.name}`].filter(Boolean);
      return files.length > 0 ? [`Asked also whether it has ${files.join(' and ')}.`] : [];
    }

    // `said`: the lines of proofmark-verify, without their "c".
    conclude(verdict, words, said, extra = []) {
      this.element.dataset.verdict = verdict;
      const shown = make('p', { class: 'verdict' }, words);
      const rows = make('dl', { class: 'lines' });
      const verified = verdict === 'VERIFIED', established = said.filter((line) => line.startsWith('established '));
      if (verified) this.about.querySelectorAll('.claims > li').forEach((claim, i) => claim.append(make('span', { class: 'established' }, established[i])));
      const reasons = verified ? ['correct', 'length', 'ignored'] : ['reason', 'file', 'rule', 'expected', 'found', 'by', 'hint:'];
      for (const line of said) {
        const label = line.split(' ', 1)[0];
        if (reasons.includes(label)) rows.append(make('dt', {}, label.replace(':', '')), make('dd', {}, line.slice(label.length + 1)));
      }
      const parts = [shown, rows, ...extra];
      const actions = make('p', { class: 'actions' });
      if (this.receiptText) {
        const url = URL.createObjectURL(new Blob([this.receiptText], { type: 'application/json' }));
        actions.append(make('a', { class: 'button', href: url, download: `${this.certificate.name.replace(/(\.cert)?\.json$/, '')}.receipt.json` }, 'Save the receipt'));
      }
      for (const [kind, words] of [['weights', 'Compare with weights'], ['claim', 'Compare with a claim file']]) {
        const input = make('input', { type: 'file' });
        input.addEventListener('change', () => { if (input.files.length === 1) this.ask(...(kind === 'claim' ? [input.files[0], null] : [null, input.files[0]])); });
        actions.append(make('label', { class: 'button' }, words, input));
      }
      parts.push(actions);
      if (said.length > 0)
        parts.push(make('details', {}, make('summary', {}, 'All that the verifier says'), make('pre', { tabindex: '0' }, `s ${verdict}\n${said.map((line) => `c ${line}`).join('\n')}`)));
      this.now.replaceChildren(...parts);
      say(`${this.name}: ${words}`);
      showOverview();
    }
  }

  function add(card) {
    cards.push(card);
    byId('results').append(card.element);
    enqueue(card);
  }
  function enqueue(card) {
    card.prepare();
    waiting.push(card);
    next();
  }
  function next() {
    if (running || waiting.length === 0) return;
    running = waiting.shift();
    running.start();
  }

  // ---- several certificates: bound against length ----------------------------------------------------------------------

  const quantities = { 'accuracy lower': 'accuracy, at least', 'cross-entropy upper': 'mean cross-entropy (nats), at most', 'margin lower': 'least margin (nats), at least' };

  // Of each verified certificate what it establishes of this kind.
  function points(kind) {
    return cards.filter((card) => card.verdict === 'VERIFIED').flatMap((card) => {
      const claim = card.numbers.claims.find((c) => `${c.quantity} ${c.direction}` === kind);
      return claim ? [{ number: cards.indexOf(card) + 1, name: card.name, bound: Number(claim.established), length: card.numbers.operations.length }] : [];
    });
  }

  function showOverview() {
    const overview = byId('overview');
    overview.hidden = cards.length < 2;
    if (overview.hidden) return;
    const rows = cards.map((card, i) => {
      const claims = card.verdict === 'VERIFIED' ? card.numbers.claims : [];
      const bound = claims.filter((c) => c.quantity !== 'length').map((c) => `${c.quantity} ${c.direction === 'upper' ? '≤' : '≥'} ${c.bound}`).join(', ');
      const length = claims.length > 0 ? String(card.numbers.operations.length) : '';
      return make('tr', {}, make('td', {}, String(i + 1)), make('th', { scope: 'row' }, card.name), make('td', {}, inWords[card.verdict] || 'not verified'), make('td', {}, bound), make('td', { class: 'number' }, length));
    });
    const head = make('tr', {}, ...['', 'certificate', 'verdict', 'proved', 'operations'].map((text) => make(text ? 'th' : 'td', text ? { scope: 'col' } : {}, text)));
    const figures = Object.keys(quantities).filter((kind) => points(kind).length > 1).map((kind) => figure(kind, points(kind)));
    overview.replaceChildren(make('h2', {}, 'All together'), make('div', { class: 'wide', tabindex: '0', role: 'group', 'aria-label': 'Table of all certificates' },
      make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows))), ...figures);
  }

  // Round numbers between a and b, about five.
  function ticks(a, b) {
    const rough = (b - a) / 5, unit = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 5, 10].find((n) => n * unit >= rough) * unit;
    const found = [];
    for (let i = Math.ceil(a / step); i * step <= b; ++i) found.push(Number((i * step).toPrecision(12)));
    return found;
  }

  function figure(kind, all) {
    const [W, H, left, right, top, bottom] = [640, 320, 78, 24, 16, 48];
    const scale = (values, from, to) => {
      const least = Math.min(...values), most = Math.max(...values), room = (most - least || Math.abs(most) || 1) * 0.1;
      const [a, b] = [least - room, most + room];
      return { at: (x) => from + ((x - a) / (b - a)) * (to - from), a, b };
    };
    const x = scale(all.map((p) => Math.log10(p.length)), left, W - right), y = scale(all.map((p) => p.bound), H - bottom, top);
    const parts = [];
    const exponents = x.b - x.a > 1 ? ticks(x.a, x.b).filter(Number.isInteger) : [x.a + 0.1 * (x.b - x.a), x.b - 0.1 * (x.b - x.a)];
    for (const e of exponents)
      parts.push(makeSvg('line', { x1: x.at(e), x2: x.at(e), y1: top, y2: H - bottom, class: 'grid' }),
        makeSvg('text', { x: x.at(e), y: H - bottom + 18, 'text-anchor': 'middle' }, (10 ** e).toExponential(Number.isInteger(e) ? 0 : 1).replace('e+', 'e')));
    for (const value of ticks(y.a, y.b))
      parts.push(makeSvg('line', { x1: left, x2: W - right, y1: y.at(value), y2: y.at(value), class: 'grid' }),
        makeSvg('text', { x: left - 8, y: y.at(value) + 4, 'text-anchor': 'end' }, String(value)));
    for (const p of all)
      parts.push(makeSvg('circle', { cx: x.at(Math.log10(p.length)), cy: y.at(p.bound), r: 6 }),
        makeSvg('text', { x: x.at(Math.log10(p.length)) + 9, y: y.at(p.bound) - 6 }, String(p.number)));
    parts.push(makeSvg('text', { x: (left + W - right) / 2, y: H - 8, 'text-anchor': 'middle' }, 'operations'));
    const words = all.map((p) => `${p.number}: ${p.name}, ${p.bound}, ${p.length} operations`);
    return make('figure', {}, make('figcaption', {}, `${quantities[kind]}, as each certificate establishes it`),
      makeSvg('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `${quantities[kind]}, against operations. ${words.join('; ')}` }, ...parts));
  }

  // ---- what a person does ----------------------------------------------------------------------------------------------

  for (const id of ['files', 'folder'])
    byId(id).addEventListener('change', ({ target }) => {
      const chosen = [...target.files].map((file) => ({ file, folder: (file.webkitRelativePath || '').split('/').slice(0, -1).join('/') }));
      target.value = '';
      take(chosen).catch((error) => note(`What was chosen cannot be read: ${error.message}`));
    });
  const drop = byId('drop');
  document.addEventListener('dragover', (event) => { event.preventDefault(); drop.classList.add('over'); });
  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) drop.classList.remove('over'); });
  document.addEventListener('drop', async (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    try {
      await take((await Promise.all([...event.dataTransfer.items].map(filesOf))).flat());
    } catch (error) {
      note(`What was dropped cannot be read: ${error.message}`);
    }
  });
  if (!('webkitdirectory' in byId('folder'))) byId('folder').parentElement.hidden = true;
  byId('drop').hidden = false;
})();
