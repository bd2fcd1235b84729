// Small line icons, drawn for this page on a 20 by 20 grid.

const SHAPES = {
  hash: ["M8 3 6 17", "M14 3 12 17", "M3.5 7.5h13", "M3 12.5h13"],
  lock: ["M5 9.5h10v7H5z", "M7 9.5V7a3 3 0 0 1 6 0v2.5"],
  home: ["M3.5 9.5 10 4l6.5 5.5", "M5.5 8.5V16h9V8.5", "M8.5 16v-4h3v4"],
  reply: ["M4 4.5h12v8.5H9l-3.5 3V13H4z"],
  smile: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14", "M7.2 11.5c.7 1.4 1.7 2 2.8 2s2.1-.6 2.8-2", "M7.7 8v.2", "M12.3 8v.2"],
  pencil: ["M4 16l.8-3.3L13.3 4.2l2.5 2.5L7.3 15.2z", "M11.5 6l2.5 2.5"],
  trash: ["M4.5 6h11", "M8 6V4h4v2", "M6 6l.7 10.5h6.6L14 6"],
  dots: ["M5 10h.01", "M10 10h.01", "M15 10h.01"],
  bolt: ["M11 2.5 5 11h4l-.8 6.5L14.5 9h-4.2z"],
  pin: ["M7.5 3.5h5l-.7 5 2.7 2.5h-9l2.7-2.5z", "M10 11v6"],
  bookmark: ["M6 3.5h8V16.5l-4-3-4 3z"],
  close: ["M5 5l10 10", "M15 5 5 15"],
  down: ["M5.5 8 10 12.5 14.5 8"],
  left: ["M12 5 7 10l5 5"],
  send: ["M3.5 4 17 10 3.5 16l2-6z", "M5.5 10H11"],
  menu: ["M3.5 6h13", "M3.5 10h13", "M3.5 14h13"],
  eye: ["M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5z", "M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4"],
  people: ["M7.5 4.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5", "M3 16c0-2.8 2-4.5 4.5-4.5S12 13.2 12 16", "M13 5a2.3 2.3 0 0 1 0 4.5", "M14 11.8c1.9.5 3 2.1 3 4.2"],
  file: ["M5.5 3h6L15 6.5V17H5.5z", "M11.5 3v3.5H15"],
  clip: ["M14.5 9.5 9.3 14.7a3 3 0 0 1-4.2-4.2l6-6a2 2 0 0 1 2.9 2.9L8.2 13.2a1 1 0 0 1-1.4-1.4L11.5 7"],
  link: ["M8.5 11.5 11.5 8.5", "M9 6.5l1.8-1.8a3.2 3.2 0 0 1 4.5 4.5L13.5 11", "M11 13.5l-1.8 1.8a3.2 3.2 0 0 1-4.5-4.5L6.5 9"],
  plus: ["M10 4.5v11", "M4.5 10h11"],
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  for (const shape of SHAPES[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", shape);
    drawing.append(path);
  }
  return drawing;
}
