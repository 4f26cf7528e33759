// A sortable table of areas; areatable.py's rows() says what a row holds.
// Every word from a file enters by textContent.
const CODE = 0, NAME = 1, COUNCIL = 2, BEST = 3, LOW = 4, HIGH = 5, COUNT = 6, RANGE = 7, THIRD = 8, WORDS = 9, HAS = 10;
const BY = [NAME, BEST, THIRD];
const FIRST = 40, MORE = 200;  // rows drawn at once: a screenful first, the rest while the browser is idle
const PRINTED = 40;  // rows on paper, as areatable.css has it
const idle = work => window.requestIdleCallback?.(work, {timeout: 300}) ?? setTimeout(work, 30);

function make(tag, text, name) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function bar([low, best, high], most) {
  const made = make("div", undefined, "bar");
  const range = make("i"), point = make("b");
  range.style.left = `${(low / most) * 100}%`;
  range.style.width = `${Math.max(1.5, ((high - low) / most) * 100)}%`;
  point.style.left = `${(best / most) * 100}%`;
  made.setAttribute("aria-hidden", "true");
  made.append(range, point);
  return made;
}

function gap(row, most) {
  const cell = make("td", undefined, "r");
  if (row[BEST] === null) {
    cell.append(make("span", row[COUNT], "none"));
    return cell;
  }
  const [best, rest] = row[COUNT].split("|");
  cell.append(make("b", best), rest);
  cell.append(bar([row[LOW], row[BEST], row[HIGH]], most));
  cell.append(make("span", row[RANGE], "range"));
  return cell;
}

function third(row, tiers, worded) {
  const cell = make("td", undefined, "r");
  if (row[THIRD] !== null && tiers) {
    const [mark, words, ...lines] = row[WORDS].split("|"), symbol = make("span", undefined, `sym ns-sym-${mark}`);
    symbol.setAttribute("aria-hidden", "true");
    cell.append(symbol, make("b", words), ...lines.map(said => make("span", said, "range line")));
  } else if (row[THIRD] !== null) {
    const said = row[WORDS].split("|"), figure = worded ? said.shift() : row[THIRD].toFixed(1);
    cell.append(make("b", figure), ...said.map(words => make("span", words, "range line")));
  }
  else cell.append(make("span", row[WORDS], "none"));
  return cell;
}

// What scrolls the table: its own box, or on the map's one screen the panel it stands in; never the page itself.
function scrolling(box) {
  const scrolls = one => /auto|scroll/.test(getComputedStyle(one).overflowY) && !one.classList.contains("stMain");
  let one = box;
  while (one && !scrolls(one)) one = one.parentElement ?? one.getRootNode().host;
  return one ?? box;
}

function show(root, data, setTriggerValue) {
  const most = Math.max(1, ...data.rows.map(row => row[HIGH] ?? 0));
  let by = data.sort, down = true, place = "notspotPlace" in window ? window.notspotPlace : data.first, waiting = [], body = null;

  const narrowed = new Map();  // by filter, the value that rows must have
  const kept = () => data.rows.filter(row => [...narrowed].every(([filter, value]) => row[HAS]?.[filter] === value));
  const sorted = () => kept().sort((a, b) => {
    const [x, y] = [a[BY[by]], b[BY[by]]];
    if ((x === null) !== (y === null)) return x === null ? 1 : -1;
    const order = typeof x === "string" ? x.localeCompare(y, "en-GB", { numeric: true }) : x - y;
    return (down ? -order : order) || a[CODE].localeCompare(b[CODE]);
  });

  const mark = (code, scroll) => {
    place = code;
    root.querySelectorAll("a.why").forEach(link => link.remove());
    root.querySelectorAll("tr.picked").forEach(row => {
      row.classList.remove("picked");
      row.querySelector("button").removeAttribute("aria-current");
    });
    if (code && waiting.some(row => row[CODE] === code)) add(waiting.length);
    const rows = code ? root.querySelectorAll(`tr[data-code="${CSS.escape(code)}"]`) : [], row = rows[0];
    if (!row) return;
    rows.forEach(one => {
      one.classList.add("picked");
      one.querySelector("button").setAttribute("aria-current", "true");
      if (data.why) one.querySelector("th").append(reasons(code, one.querySelector("button").textContent));
    });
    // The first press of a row moves the table beside a card: who came by keyboard is still on the row.
    if (code === window.notspotPressed && document.activeElement === document.body)
      row.querySelector("button").focus({ preventScroll: true });
    reach(scroll);
  };

  // Bring the chosen row below the table's head; where it is in view already, only when asked to.
  const reach = scroll => {
    const row = root.querySelector("tr.picked");
    if (!row) return;
    const box = scrolling(root.querySelector(".box"));
    const from = row.getBoundingClientRect().top - box.getBoundingClientRect().top;
    const head = root.querySelector("thead").offsetHeight;
    if (scroll || from < head || from > box.clientHeight - 40) box.scrollTop += from - head - 1;
  };

  // The card stands before the table: from the row, the next stop of the Tab key is the way to the reasons.
  const reasons = (code, name) => {
    const link = make("a", "Why here?", "why");
    link.href = data.why.replace("PLACE", encodeURIComponent(code));
    link.target = "_self";
    link.setAttribute("aria-label", `Why here? ${name}`);
    return link;
  };

  const head = (label, index) => {
    const cell = make("th", undefined, index ? "r" : ""), button = make("button", label);
    const now = index === by;
    cell.scope = "col";
    cell.setAttribute("aria-sort", now ? (down ? "descending" : "ascending") : "none");
    const arrow = make("span", now ? (down ? "\u00a0▼" : "\u00a0▲") : "");
    arrow.setAttribute("aria-hidden", "true");
    button.append(arrow);
    button.onclick = () => {
      down = now ? !down : index > 0;
      by = index;
      draw();
      root.querySelectorAll("thead button")[index].focus();
    };
    cell.append(button);
    return cell;
  };

  const line = row => {
    const made = make("tr"), cell = make("th"), button = make("button", row[NAME], "place");
    made.dataset.code = row[CODE];
    cell.scope = "row";
    button.onclick = () => {
      mark(row[CODE], false);
      window.notspotPressed = row[CODE];
      setTriggerValue("picked", row[CODE]);
    };
    cell.append(button);
    if (row[COUNCIL]) cell.append(make("span", row[COUNCIL], "range line"));
    made.append(cell, gap(row, most), third(row, data.tiers, data.worded));
    return made;
  };

  const add = count => body.append(...waiting.splice(0, count).map(line));

  const addWhenIdle = drawn => {
    if (drawn !== body || !waiting.length) return;
    add(MORE);
    idle(() => addWhenIdle(drawn));
  };

  // Filters stand above the table, folded: most readers only sort.
  const filters = () => {
    if (!data.filters?.length) return "";
    const made = make("details", undefined, "filters"), said = make("span", "", "range");
    made.append(make("summary", "Filter the table"));
    made.open = narrowed.size > 0;
    data.filters.forEach(([name, values], filter) => {
      const label = make("label", name), select = make("select");
      select.append(new Option("All", ""), ...values.map((value, at) => new Option(value, at)));
      select.value = narrowed.has(filter) ? String(narrowed.get(filter)) : "";
      select.onchange = () => {
        if (select.value === "") narrowed.delete(filter); else narrowed.set(filter, Number(select.value));
        draw();
        root.querySelectorAll(".filters select")[filter].focus();
      };
      label.append(select);
      made.append(label);
    });
    if (narrowed.size) {
      const clear = make("button", "Clear the filters", "plain");
      clear.onclick = () => { narrowed.clear(); draw(); root.querySelector(".filters summary").focus(); };
      said.textContent = `${kept().length.toLocaleString("en-GB")} of ${data.rows.length.toLocaleString("en-GB")} rows`;
      said.setAttribute("role", "status");
      made.append(said, clear);
    }
    return made;
  };

  const draw = () => {
    const box = make("div", undefined, "box"), table = make("table");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Table of places, scrolls");
    table.className = data.tiers ? "worded" : "";
    const titles = make("tr"), top = make("thead");
    body = make("tbody");
    waiting = sorted();
    titles.append(...data.columns.map(head));
    top.append(titles);
    add(FIRST);
    table.append(make("caption", data.caption, "unseen"), top, body);
    box.append(table);
    table.setAttribute("aria-rowcount", data.rows.length + 1);
    const skip = make("button", `Skip the table of ${data.rows.length.toLocaleString("en-GB")} rows`, "skip");
    const end = make("span", "End of the table", "end");
    end.tabIndex = -1;
    skip.onclick = () => end.focus();
    const rest = data.rows.length > PRINTED
      ? `These are the first ${PRINTED} of ${data.rows.length.toLocaleString("en-GB")} rows. The page Evidence has them all as a file.` : "";
    root.replaceChildren(skip, filters(), box, end, make("p", rest, "rest"));
    mark(place, true);
    const drawn = body;
    idle(() => addWhenIdle(drawn));
  };

  const follow = event => { if (event.detail !== place) mark(event.detail, false); };
  if (root.stop) root.stop();
  const resized = () => reach(false);  // another window, or a phone that is turned: the row stays in view
  window.addEventListener("notspot-place", follow);
  window.addEventListener("resize", resized);
  root.stop = () => {
    window.removeEventListener("notspot-place", follow);
    window.removeEventListener("resize", resized);
  };
  draw();
}

// Rows that many readers share come as a file, which the browser keeps: a change of measure sends only its address.
const files = window.notspotFiles ??= {};
const fetched = at => files[at] ??= fetch(at).then(answer => {
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}).catch(fault => {
  delete files[at];
  throw fault;
});

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".areas");
  root.send = setTriggerValue;
  if (root.hear) return root.end;
  const send = (name, value) => root.send(name, value);
  const tell = said => {
    const told = JSON.stringify(said);
    if (root.told === told) return;
    root.told = told;
    const ready = rows => { if (root.told === told) show(root, { ...said, rows }, send); };
    const rows = said.rows.content ?? said.rows;
    if (Array.isArray(rows)) { ready(rows); return; }
    fetched(rows.at).then(ready, fault => {
      if (root.told !== told) return;
      root.told = null;
      root.replaceChildren(make("p", `The table could not be fetched (${fault.message}). Open the page again.`));
    });
  };
  root.hear = ({ detail }) => { if (detail === data.key) tell(window.notspotTables[detail]); };
  window.addEventListener("notspot-table", root.hear);
  root.end = () => {
    setTimeout(() => {  // Streamlit ends a component at each change of theme, too: only what has left the page is over
      if (root.isConnected) return;
      window.removeEventListener("notspot-table", root.hear);
      root.stop?.();
      root.hear = root.told = null;
    });
  };
  if (window.notspotTables?.[data.key]) tell(window.notspotTables[data.key]);
  return root.end;
}
