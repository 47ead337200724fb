/** The shared space as a plane, with the support samples on it. */

import { h, s, count, percent, shortened } from './dom.js';
import * as api from './api.js';
import { chip, shape, tone } from './icons.js';

const WIDTH = 480;
const LEAST = 150;
const MOST = 360;
const MARGIN = 34;
// of a name in the drawing, at most
const LETTERS = 22;

/** @returns {{element: Element, draw: function}} `draw(classifier)` fetches the map anew */
export function mapPart(id) {
  const place = h('div', null, h('p.note', null, 'Loading …'));
  const element = h('section.panel.map', { 'aria-labelledby': 'map-title' }, h('h2', { id: 'map-title' }, 'Map'), place);
  let turn = 0;

  async function draw(classifier) {
    const mine = ++turn;
    try {
      const map = await api.map(id);
      if (mine === turn) place.replaceChildren(...(map.points.length ? figure(map, classifier.classes.map(each => each.name)) : [h('p.note', null, 'There is nothing to draw yet.')]));
    } catch (error) {
      if (mine === turn) place.replaceChildren(h('p.note', null, `The map could not be drawn: ${error.detail ?? error.title ?? error.message}`), h('button.small', { type: 'button', click: () => draw(classifier) }, 'Try again'));
    }
  }
  return { element, draw };
}

function figure({ points, classes, share }, names) {
  const { place, height } = placing([...points, ...classes]);
  const drawing = s('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': `${count(points.length, 'sample')} of ${count(classes.length, 'concept')} in two dimensions; in words below.` },
    points.map(point => s(`g.${tone(names.indexOf(point.class))}`, { transform: `translate(${place(point)})` }, s('title', null, `${point.name}: ${point.class}`), s('path.mark', { d: shape(names.indexOf(point.class)) }))),
    labels(points, classes, place, height).map(({ name, x, y }) => s('text.halo', { x, y, 'text-anchor': 'middle' }, shortened(name, LETTERS))));
  return [
    h('div.plane', null, drawing),
    h('ul.plain.legend', null, names.map((name, i) => h('li', null, chip(i), name))),
    h('p.note', null, `Samples that look alike to it lie near each other. A plane shows ${percent(share)} of how they differ.`),
    h('details', null, h('summary', null, 'The map in words'), inWords(points, classes)),
  ];
}

/** How coordinates are mapped into the drawing, to one scale, y upwards; and the drawing's height. */
function placing(all) {
  const [xs, ys] = [all.map(point => point.x), all.map(point => point.y)];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((WIDTH - 2 * MARGIN) / Math.max(right - left, 1e-9), (MOST - 2 * MARGIN) / Math.max(high - low, 1e-9));
  const height = Math.max(LEAST, Math.round((high - low) * scale + 2 * MARGIN));
  return { height, place: ({ x, y }) => `${(WIDTH / 2 + (x - (left + right) / 2) * scale).toFixed(1)} ${(height / 2 - (y - (low + high) / 2) * scale).toFixed(1)}` };
}

/** The concepts' names above their samples, moved apart where they would lie over each other. */
function labels(points, classes, place, height) {
  const LINE = 17;
  const LETTER = 8.2;
  const laid = [];
  for (const { name, ...middle } of classes) {
    const [x] = place(middle).split(' ').map(Number);
    const y = Math.min(...points.filter(point => point.class === name).map(point => Number(place(point).split(' ')[1])));
    const half = Math.min(name.length, LETTERS) * LETTER / 2;
    const label = { name, x: Math.min(Math.max(x, half + 4), WIDTH - half - 4), y: Math.max(y - 12, LINE), half };
    while (laid.some(other => Math.abs(other.y - label.y) < LINE && Math.abs(other.x - label.x) < other.half + half)) label.y += LINE;
    laid.push(label);
  }
  return laid.filter(label => label.y < height - 2);
}

function inWords(points, classes) {
  const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  const nearest = (from, among) => among.reduce((best, each) => distance(from, each) < distance(from, best) ? each : best);
  const astray = points.filter(point => nearest(point, classes).name !== point.class);
  return h('div', null,
    h('table', null,
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Concept'), h('th', { scope: 'col' }, 'Samples'), h('th', { scope: 'col' }, 'Nearest other'))),
      h('tbody', null, classes.map(each => h('tr', null, h('th', { scope: 'row' }, each.name), h('td', null, String(points.filter(point => point.class === each.name).length)),
        h('td', null, classes.length > 1 ? nearest(each, classes.filter(other => other !== each)).name : ''))))),
    astray.length
      ? [h('p.note', null, 'Nearer, on the map, to the middle of another concept:'), h('ul', null, astray.map(point => h('li.note', null, `${point.name} (${point.class}, near ${nearest(point, classes).name})`)))]
      : h('p.note', null, 'Every sample lies nearest to the middle of its own concept.'));
}
