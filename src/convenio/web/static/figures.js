// What is under the pointer, or chosen with the arrow keys, in plots and maps that the server has drawn.

const SVG = "http://www.w3.org/2000/svg";

function plot(canvas, tips, said) {
  const svg = canvas.querySelector("svg");
  if (!svg || !tips.length) return;
  const dot = document.createElementNS(SVG, "circle");
  dot.setAttribute("r", "5");
  dot.classList.add("chosen");
  let at = -1;

  function choose(n) {
    at = Math.max(0, Math.min(tips.length - 1, n));
    dot.setAttribute("cx", tips[at].x);
    dot.setAttribute("cy", tips[at].y);
    svg.append(dot);
    said.textContent = tips[at].text;
  }
  canvas.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale;
    const y = (event.clientY - box.top) * scale;
    let best = 0;
    let least = Infinity;
    tips.forEach((each, n) => {
      const far = Math.abs(each.x - x) * 4 + Math.abs(each.y - y);
      if (far < least) [least, best] = [far, n];
    });
    choose(best);
  });
  keys(canvas, () => at, choose, tips.length);
}

function map(canvas, said) {
  const paths = [...canvas.querySelectorAll("path[data-said]")].sort((a, b) => a.dataset.said.localeCompare(b.dataset.said));
  let at = -1;
  function choose(n) {
    paths[at]?.classList.remove("chosen");
    at = Math.max(0, Math.min(paths.length - 1, n));
    paths[at].classList.add("chosen");
    paths[at].parentNode.append(paths[at]);
    said.textContent = paths[at].dataset.said;
  }
  canvas.addEventListener("pointerover", (event) => {
    const n = paths.indexOf(event.target);
    if (n >= 0) choose(n);
  });
  if (paths.length) keys(canvas, () => at, choose, paths.length);
}

function keys(canvas, at, choose, count) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "group");
  canvas.setAttribute("aria-label", canvas.dataset.title);
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    const place = { Home: 0, End: count - 1 }[event.key] ?? (step === undefined ? undefined : at() + step);
    if (place === undefined) return;
    event.preventDefault();
    choose(place);
  });
}

for (const canvas of document.querySelectorAll("[data-figure]:not([data-drawn])")) {
  const said = canvas.closest("figure").querySelector(".figure-said");
  if (canvas.dataset.figure === "plot") {
    plot(canvas, JSON.parse(document.getElementById(canvas.dataset.from).textContent).spec.tips, said);
  } else if (canvas.dataset.figure === "map") map(canvas, said);
  else continue;
  canvas.dataset.drawn = "yes";
}
