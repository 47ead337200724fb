/** Building and keeping elements. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an HTML element.
 * @param {string} tag its name, with classes after dots: 'p.note'
 * @param {object} properties attributes; functions are listeners by event name; true and false set and leave out; null is left out
 * @param {...(Node|string|null)} children what it holds
 */
export const h = (tag, properties, ...children) => fill(document.createElement(tag.split('.')[0]), tag, properties, children);

/** Makes an SVG element in the same way. */
export const s = (tag, properties, ...children) => fill(document.createElementNS(SVG, tag.split('.')[0]), tag, properties, children);

function fill(element, tag, properties, children) {
  const classes = tag.split('.').slice(1);
  if (classes.length) element.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Makes a parent's children those of a list, keeping the elements (and with them the focus) of items that were there before.
 * @param {Element} parent whose children all come from here
 * @param {Array} items what to show
 * @param {function} key an item's name, unique in the list
 * @param {function} create makes an item's element
 * @param {function} [update] brings an item's element up to date
 */
export function keyed(parent, items, key, create, update) {
  const old = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let element = old.get(name);
    if (element) old.delete(name);
    else {
      element = create(item);
      element.dataset.key = name;
    }
    update?.(element, item);
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  for (const element of old.values()) element.remove();
}

let last = 0;

/** A new id for an element. */
export const newId = prefix => `${prefix}-${++last}`;

/** Tells those who do not see the page what happened. */
export function announce(text) {
  const status = document.getElementById('status');
  status.textContent = status.textContent === text ? `${text}\u00a0` : text;
}

/** A count with its noun: "1 sample", "3 samples". */
export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** A text of at most so many letters; where some are left out, `…` says so. */
export const shortened = (text, most) => text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;

/** A share 0 ... 1 as a percentage; never 100 % of what is not certain, nor 0 % of what is not impossible. */
export function percent(share) {
  const rounded = Math.round(share * 100);
  if (rounded === 100 && share < 1) return 'over 99 %';
  if (rounded === 0 && share > 0) return 'under 1 %';
  return `${rounded} %`;
}
