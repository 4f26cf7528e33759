// The page's own clock, for browsing.py. Put into every page before it loads.
if (window === top) {
  const frames = () => [...document.querySelectorAll("iframe")].map(frame => {
    try { return frame.contentWindow; } catch { return null; }
  });
  const maps = () => frames().filter(frame => frame?.map?._layers).map(frame => Object.values(frame.map._layers));
  const inside = query => {
    for (const one of document.querySelectorAll("*")) {
      const found = one.shadowRoot?.querySelector(query);
      if (found) return found;
    }
    return document.querySelector(query);
  };
  const ours = () => Object.values(window.notspotPlates ?? {}).find(one => one.map);
  const areas = () => maps().flat().filter(layer => layer.feature);
  const drawn = () => ours() ? Boolean(ours().heard) :
    frames().some(frame => frame?.document?.querySelector("canvas, path")) && areas().length > 12;
  const table = () => inside("tr[data-code], [data-testid=stDataFrame] canvas");
  const paint = () => ours()?.heard?.kinds ?? areas().slice(0, 50).map(({_leaflet_id: id, feature, options}) =>
    `${id} ${feature.properties.k ?? options.fillColor}`).join();
  const words = () => inside("tbody")?.textContent.slice(0, 4000) ?? "";
  const until = (met, done) => (met() ? requestAnimationFrame(() => setTimeout(done)) : setTimeout(() => until(met, done), 10));

  const seen = {};
  document.addEventListener("DOMContentLoaded", () => {
    until(() => document.querySelector("h1") && table(), () => { seen.table = performance.now(); });
    until(() => document.querySelector("h1") && drawn(), () => { seen.map = performance.now(); });
  });

  window.clock = {
    // Milliseconds until headline and table, and headline and map, stood there.
    seen,
    // Milliseconds from the next press of anything until map (and table) are others than before.
    change: both => new Promise(done => {
      const before = [paint(), words()];
      const other = () => drawn() && paint() !== before[0] && (!both || words() !== before[1]);
      document.addEventListener("click", () => {
        const start = performance.now();
        until(other, () => done(performance.now() - start));
      }, {capture: true, once: true});
    }),
    // Milliseconds from pressing a row until its reasons stand on the page.
    reasons: nth => new Promise(done => {
      const row = table().parentElement.querySelectorAll("button")[nth], start = performance.now();
      row.click();
      until(() => document.querySelector(".ns-card h2")?.textContent === row.textContent, () => done(performance.now() - start));
    }),
  };
}
