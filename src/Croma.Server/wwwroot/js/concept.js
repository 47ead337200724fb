/** One concept with its samples. */

import { h, keyed, count, newId } from './dom.js';
import { chip, icon } from './icons.js';
import { sampleTile } from './sample.js';
import { collector } from './collector.js';

/**
 * @param {object} options
 * @param {object} [options.model] whose kinds and limits hold
 * @param {function} [options.rename] given a new name; the name cannot be changed where left out
 * @param {function} [options.discard] takes the concept away; not offered where left out
 * @param {function} [options.add] given new samples; none can be added where left out
 * @param {function} [options.remove] given a sample; none can be taken away where left out
 * @returns {{element: Element, update: function, focusName: function}} `update(concept)` shows { index, name, samples, complaint }
 */
export function conceptPanel({ model, rename, discard, add, remove }) {
  const id = newId('concept');
  const mark = h('span.row');
  const number = h('span.note.number');
  const title = h('h3', { id });
  const input = rename && h('input', { type: 'text', id, autocomplete: 'off', spellcheck: 'false', maxlength: 100, input: event => rename(event.target.value) });
  const label = rename && h('label.unseen', { for: id });
  const away = discard && h('button.only.quiet', { type: 'button', click: discard }, icon('bin'));
  const complaint = h('p.amiss', { id: `${id}-complaint` });
  const tiles = h('ul.tiles');
  const element = h('section.concept', { 'aria-labelledby': rename ? null : id });
  let shown = '';
  const collect = add && collector({ accepts: model.accepts, limits: model.limits, what: () => `for ${shown}`, take: add, zone: element });
  element.append(h('header', null, mark, rename ? h('div.grow', null, label, input) : title, number, away ?? ''), complaint, tiles, collect?.element ?? '');

  function update(concept) {
    shown = concept.name.trim() || `concept ${concept.index + 1}`;
    mark.replaceChildren(chip(concept.index));
    number.textContent = rename ? '' : count(concept.samples.length, 'sample');
    if (rename) {
      label.textContent = `Name of concept ${concept.index + 1}`;
      input.placeholder = `Concept ${concept.index + 1}`;
      if (input.value !== concept.name) input.value = concept.name;
      element.setAttribute('aria-label', shown);
      if (concept.complaint) {
        input.setAttribute('aria-invalid', concept.complaintOn === 'name');
        input.setAttribute('aria-describedby', complaint.id);
      } else {
        input.removeAttribute('aria-invalid');
        input.removeAttribute('aria-describedby');
      }
    } else title.textContent = concept.name;
    away?.setAttribute('aria-label', `Remove ${shown} and its samples`);
    complaint.textContent = concept.complaint ?? '';
    complaint.hidden = !concept.complaint;
    tiles.setAttribute('aria-label', `Samples of ${shown}`);
    keyed(tiles, concept.samples, sample => sample.id, sample => sampleTile(sample, remove), (tile, sample) => {
      tile.classList.toggle('waits', Boolean(sample.waits));
      tile.classList.toggle('refused', Boolean(sample.refused));
    });
    collect?.relabel();
  }
  return { element, update, focusName: () => input?.focus(), focusCollector: () => collect?.focus() };
}
