// A graph of up to some thousand nodes: placed on the server, drawn here; filtered, searched, and a path between two.

import Graph from "graphology";
import Sigma from "sigma";

const shade = (name, element) => getComputedStyle(element).getPropertyValue(name).trim();

function resolved(element, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  probe.remove();
  return `rgb(${r}, ${g}, ${b})`;
}

function shortest(graph, from, to) {
  const before = new Map([[from, null]]);
  const queue = [from];
  for (let at; (at = queue.shift()) !== undefined && at !== to; ) {
    for (const next of graph.neighbors(at)) {
      if (!before.has(next) && !graph.getNodeAttribute(next, "hidden")) {
        before.set(next, at);
        queue.push(next);
      }
    }
  }
  if (!before.has(to)) return [];
  const path = [];
  for (let at = to; at !== null; at = before.get(at)) path.unshift(at);
  return path;
}

// a label that would run out of a narrow picture is cut; it is said in full when its node is chosen
function short(label, width) {
  const most = Math.max(9, Math.round(width / 24));
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
}

function choice(label, options, change) {
  const holder = document.createElement("label");
  holder.append(label);
  const select = document.createElement("select");
  for (const [value, text] of options) select.append(new Option(text, value));
  select.addEventListener("change", () => change(select.value));
  holder.append(select);
  return holder;
}

function show(canvas) {
  const { title, spec, words } = JSON.parse(document.getElementById(canvas.dataset.from).textContent);
  const tones = ["--accent", "--tone-1", "--tone-2", "--tone-3", "--tone-4", "--tone-5"].map((each) => resolved(canvas, each));
  const quiet = resolved(canvas, "--line");
  const strong = resolved(canvas, "--bad");
  const ink = resolved(canvas, "--ink");
  const kinds = [...new Set(spec.nodes.map((each) => each.kind))];

  const graph = new Graph({ multi: false, type: "undirected" });
  function add(nodes, edges, place) {
    let added = 0;
    for (const each of nodes) {
      if (graph.hasNode(each.id)) continue;
      if (!kinds.includes(each.kind)) kinds.push(each.kind);
      graph.addNode(each.id, { ...each, ...place?.(added), size: each.size ?? 4, color: tones[kinds.indexOf(each.kind) % tones.length] });
      added += 1;
    }
    for (const each of edges) {
      if (graph.hasNode(each.from) && graph.hasNode(each.to) && each.from !== each.to) {
        graph.mergeEdge(each.from, each.to, { label: each.label, color: quiet, size: 1 });
      }
    }
    return added;
  }
  add(spec.nodes, spec.edges);

  const tools = document.createElement("div");
  tools.className = "graph-tools";
  const holder = document.createElement("div");
  holder.className = "sigma-holder";
  holder.setAttribute("role", "img");
  holder.setAttribute("aria-label", `${title}. ${words.twin}`);
  const said = document.createElement("p");
  said.className = "graph-said";
  said.setAttribute("role", "status");
  canvas.replaceChildren(tools, holder, said);

  let chosen = null;
  let path = [];
  const near = new Set();
  const drawn = new Sigma(graph, holder, {
    labelColor: { color: ink },
    labelFont: shade("--body", document.documentElement),
    labelRenderedSizeThreshold: graph.order <= 60 ? 0 : 7,
    stagePadding: Math.max(60, Math.min(140, holder.clientWidth / 7)),
    nodeReducer: (node, data) => {
      const told = { ...data, label: short(data.label, holder.clientWidth) };
      if (path.length) return path.includes(node) ? { ...told, color: strong, forceLabel: true } : { ...data, color: quiet, label: "" };
      if (chosen) return near.has(node) ? { ...told, forceLabel: true } : { ...data, color: quiet, label: "" };
      return told;
    },
    edgeReducer: (edge, data) => {
      const [from, to] = graph.extremities(edge);
      const step = path.indexOf(from);
      if (path.length) return step >= 0 && (path[step + 1] === to || path[step - 1] === to) ? { ...data, color: strong, size: 2.5 } : { ...data, hidden: true };
      return chosen && from !== chosen && to !== chosen ? { ...data, hidden: true } : data;
    },
  });

  function choose(node) {
    chosen = node;
    path = [];
    near.clear();
    if (node) {
      near.add(node);
      for (const each of graph.neighbors(node)) near.add(each);
      const { label, note, address } = graph.getNodeAttributes(node);
      said.textContent = `${label}: ${words.neighbours.replace("{number}", near.size - 1)}${note ? `. ${note}` : ""} `;
      if (address) {
        const link = document.createElement("a");
        link.href = address;
        link.textContent = words.open;
        said.append(link);
      }
      if (graph.getNodeAttribute(node, "more")) {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: words.expand });
        button.addEventListener("click", () => expand(node));
        said.append(" ", button);
      }
    } else said.textContent = "";
    drawn.refresh();
  }

  // what hangs on a node comes from the server, and is put around it
  async function expand(node) {
    let added;
    try {
      const answer = await fetch(`${graph.getNodeAttribute(node, "more")}/more`, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const { nodes, edges } = await answer.json();
      const { x, y } = graph.getNodeAttributes(node);
      const fresh = nodes.filter((each) => !graph.hasNode(each.id)).length || 1;
      added = add(nodes, edges, (n) => ({
        x: x + 0.25 * Math.cos((2 * Math.PI * n) / fresh), y: y + 0.25 * Math.sin((2 * Math.PI * n) / fresh),
      }));
    } catch {
      said.textContent = words.failed;
      return;
    }
    name();
    offer();
    filter();
    choose(node);
    said.append(` ${words.added.replace("{number}", added)}`);
  }

  // what has no day is known at any time
  const tests = {
    since: (data, value) => !data.at || data.at >= value,
    until: (data, value) => !data.at || data.at <= value,
  };
  const filters = {};
  function filter() {
    let shown = 0;
    graph.forEachNode((node, data) => {
      const fits = Object.entries(filters).every(([key, value]) =>
        value === "" || (tests[key] ? tests[key](data, value) : (data[key] ?? "") === value));
      graph.setNodeAttribute(node, "hidden", !fits);
      shown += fits;
    });
    choose(null);
    said.textContent = words.shown.replace("{number}", shown);
  }
  const chosen_by = document.createElement("div");
  chosen_by.className = "graph-filters";
  tools.append(chosen_by);
  // made anew when the graph has grown: what came with it can be filtered by too
  function offer() {
    chosen_by.replaceChildren();
    const all = graph.mapNodes((_node, data) => data);
    for (const [key, label] of [["kind", words.kind], ["program", words.program], ["marking", words.marking]]) {
      const values = [...new Set(all.map((each) => each[key]).filter(Boolean))].sort();
      if (values.length < 2) continue;
      const field = choice(label, [["", words.all], ...values.map((each) => [each, each])], (value) => { filters[key] = value; filter(); });
      field.querySelector("select").value = filters[key] ?? "";
      chosen_by.append(field);
    }
    if (!all.some((each) => each.at)) return;
    for (const key of ["since", "until"]) {
      const holder = document.createElement("label");
      const day = Object.assign(document.createElement("input"), { type: "date", value: filters[key] ?? "" });
      day.addEventListener("change", () => { filters[key] = day.value; filter(); });
      holder.append(words[key], day);
      chosen_by.append(holder);
    }
  }
  offer();

  const names = new Map();
  const list = document.createElement("datalist");
  list.id = `${canvas.dataset.from}-names`;
  function name() {
    const known = new Set(names.values());
    graph.forEachNode((node, { label }) => {
      if (known.has(node)) return;
      let one = label;
      for (let n = 2; names.has(one); n += 1) one = `${label} (${n})`;
      names.set(one, node);
      if (names.size <= 5000) list.append(new Option(one));
    });
  }
  name();
  const ends = [words.find, words.to].map((label) => {
    const holder = document.createElement("label");
    holder.append(label);
    const field = document.createElement("input");
    field.setAttribute("list", list.id);
    holder.append(field);
    return { holder, field };
  });
  function look() {
    const [from, to] = ends.map(({ field }) => names.get(field.value));
    if (from && to && [from, to].some((each) => graph.getNodeAttribute(each, "hidden"))) {
      choose(null);
      said.textContent = words.nopath;
      return;
    }
    if (from && to) {
      choose(null);
      path = shortest(graph, from, to);
      said.textContent = path.length
        ? path.map((each) => graph.getNodeAttribute(each, "label")).join(" → ")
        : words.nopath;
      drawn.refresh();
    } else choose(from ?? null);
  }
  for (const { field } of ends) field.addEventListener("change", look);
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: words.clear });
  clear.addEventListener("click", () => { for (const { field } of ends) field.value = ""; choose(null); drawn.getCamera().animatedReset(); });
  tools.append(ends[0].holder, ends[1].holder, list, clear);

  const called = (node) => [...names].find(([, each]) => each === node)?.[0] ?? "";
  drawn.on("clickNode", ({ node }) => { ends[0].field.value = called(node); ends[1].field.value = ""; choose(node); });
  drawn.on("clickStage", () => choose(null));
  canvas.dataset.drawn = "yes";
}

for (const canvas of document.querySelectorAll('[data-figure="graph"]:not([data-drawn])')) show(canvas);
