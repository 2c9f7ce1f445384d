// Runs in a worker, behind the engine's own code: verifies one certificate and tells the page. What the page sends: the engine's
// bytes, the files (certificate, claim or null, weights or null), and whether everything is for the reference engine.
onmessage = async ({ data: { wasm, files, byReference } }) => {
  const atATime = 1 << 20;
  const reader = new FileReaderSync();
  const read = files.map((file) => ({ file, from: 0, piece: new Uint8Array(0) }));
  const say = (what, value) => postMessage({ what, value });
  let toldAt = 0;
  try {
    const engine = await Engine({
      wasmBinary: wasm,
      print: () => {},
      printErr: () => {},
      sizeOf: (i) => (files[i] ? files[i].size : -1),
      pieceOf(i, to) {
        const at = read[i];
        try {
          if (at.piece.length === 0) {
            at.piece = new Uint8Array(reader.readAsArrayBuffer(at.file.slice(at.from, at.from + atATime)));
            at.from += at.piece.length;
          }
        } catch {
          return -1;
        }
        const taken = at.piece.subarray(0, to.length);
        at.piece = at.piece.subarray(taken.length);
        to.set(taken);
        return taken.length;
      },
      tell: say,
      tellProgress(done, total) {
        const now = performance.now();
        if (now - toldAt < 100) return;
        toldAt = now;
        say('progress', { done, total });
      },
    });
    engine._verify(byReference, ...files.map((file) => engine.allocateUTF8(file ? file.name : '')));
  } catch (error) {
    say('broken', String(error)); // a trap, or no memory: never a verdict
  }
};
