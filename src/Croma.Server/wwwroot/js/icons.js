/** Pictures of 24 x 24, drawn with lines of the text's colour, and the marks of concepts. */

import { s } from './dom.js';

const lines = {
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  upload: 'M12 16V5M7 10l5-5 5 5M5 19h14',
  microphone: 'M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3',
  camera: 'M4 8h3.5l1.6-2.5h5.8L16.5 8H20v11H4zM12 16.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z',
  bin: 'M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12',
  warning: 'M12 4.5L21 19.5H3zM12 10v4.5M12 17v.1',
  file: 'M7 4h7l4 4v12H7zM14 4v4h4',
  search: 'M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15.5 15.5L20 20',
  check: 'M5 12.5l4.5 4.5L19 7.5',
};
const solids = { play: 'M8 5.5v13l11-6.5z', stop: 'M7 7h10v10H7z', record: 'M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12z' };

/** An icon; what it means is said beside it or by its button's name. */
export const icon = name => s(solids[name] ? 'svg.icon.solid' : 'svg.icon', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, s('path', { d: lines[name] ?? solids[name] }));

// circle, square, triangle, diamond, cross, ring, bar, star: as different as shapes of 14 px can be
const shapes = [
  'M0-5.6A5.6 5.6 0 1 1 0 5.6A5.6 5.6 0 1 1 0-5.6z',
  'M-5-5h10v10h-10z',
  'M0-6L6 5H-6z',
  'M0-6.6L6.6 0 0 6.6-6.6 0z',
  'M-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z',
  'M0-6A6 6 0 1 1 0 6A6 6 0 1 1 0-6zM0-3A3 3 0 1 0 0 3A3 3 0 1 0 0-3z',
  'M-6.5-2.6h13v5.2h-13z',
  'M0-6.8L2-2.1 6.9-1.9 3 1.2 4.4 6 0 3.3-4.4 6-3 1.2-6.9-1.9-2-2.1z',
];

/** The outline of a concept's mark around (0, 0), about 13 wide. */
export const shape = index => shapes[index % shapes.length];

/** The class that gives a concept's colour; with more than eight, colours and shapes pair anew. */
export const tone = index => `k${(index + Math.floor(index / shapes.length)) % shapes.length}`;

/** A concept's mark beside its name. */
export const chip = index => s(`svg.chip.${tone(index)}`, { viewBox: '-7 -7 14 14', 'aria-hidden': 'true' }, s('path', { d: shape(index) }));
