/** What a classifier says of one sample, and telling it better. */

import { h, newId, announce, percent } from './dom.js';
import { chip, icon, tone } from './icons.js';
import { sampleView } from './sample.js';
import { failures } from './failure.js';

const MOST_BARS = 4;
const NEW = '\u0000new';

/**
 * @param {object} attempt { sample }
 * @param {object} actions `learn(attempt, concept)`, null where it cannot learn, and `discard(attempt)`
 * @returns {{element: Element, update: function}} `update(attempt, names)` shows its prediction among the concepts' names
 */
export function resultCard(attempt, { learn, discard }) {
  const { sample } = attempt;
  const said = h('div.said');
  const failure = failures();
  const after = h('p.learned', { tabindex: -1, hidden: true });
  const choice = newId('is');
  const other = newId('other');
  const select = h('select', { id: choice, change: () => toggle() });
  const field = h('input', { type: 'text', id: other, maxlength: 100, autocomplete: 'off' });
  const named = h('span.named', { hidden: true }, h('label.unseen', { for: other }, 'Name of the new concept'), field);
  const button = h('button.small', { type: 'submit' }, 'Learn');
  const correction = h('form.correct', { submit: correct }, h('label', { for: choice }, 'Not right? It is'), select, named, button);
  const element = h(`li.result.${sample.kind}`, null,
    h('div.seen', null, sampleView(sample)),
    h('div.about', null, said, sample.kind !== 'text' && sample.kind !== 'audio' && h('p.note.called', null, sample.name), after, correction, failure.element),
    h('button.only.quiet.away', { type: 'button', 'aria-label': `Put ${sample.name} away`, click: () => discard(attempt) }, icon('close')));
  let shown = null;

  function toggle() {
    named.hidden = select.value !== NEW;
    if (!named.hidden) field.focus();
  }

  async function correct(event) {
    event.preventDefault();
    if (button.getAttribute('aria-disabled')) return;
    const concept = select.value === NEW ? field.value.trim() : select.value;
    if (!concept) {
      announce('Choose what it is.');
      (select.value === NEW ? field : select).focus();
      return;
    }
    button.setAttribute('aria-disabled', 'true');
    failure.clear();
    try {
      await learn(attempt, concept);
      after.focus();
    } catch (error) {
      failure.show(error, () => correct(event));
    } finally {
      button.removeAttribute('aria-disabled');
    }
  }

  function update({ prediction, refusal, learned }, names) {
    correction.hidden = !learn || Boolean(learned) || !prediction && !shown;
    after.hidden = !learned;
    if (learned) after.replaceChildren(icon('check'), ` Learned as ${learned}`);
    const options = [...names, NEW];
    if ([...select.options].slice(1).map(option => option.value).join('\n') !== options.join('\n')) {
      const kept = select.value;
      select.replaceChildren(h('option', { value: '' }, 'choose …'), ...options.map(name => h('option', { value: name }, name === NEW ? 'a new concept …' : name)));
      select.value = options.includes(kept) ? kept : '';
    }
    if (refusal) said.replaceChildren(h('p.answer.amiss', null, refusal.title), h('p.note', null, refusal.detail));
    else if (prediction && prediction !== shown) {
      shown = prediction;
      said.replaceChildren(...answer(prediction, names));
    } else if (!shown) said.replaceChildren(h('p.note', null, 'Waiting for its answer'));
    said.classList.toggle('old', !prediction && !refusal);
  }
  return { element, update };
}

// a classifier is never certain, whatever rounding says
const likely = probability => percent(Math.min(probability, 1 - 1e-9));

function answer(prediction, names) {
  const ranked = [...prediction.probabilities].sort((a, b) => b.probability - a.probability);
  const bar = ({ class: name, probability }) => {
    const track = h(`span.track.${tone(names.indexOf(name))}`, { 'aria-hidden': 'true' }, h('span'));
    track.firstChild.style.setProperty('--share', probability.toFixed(4));
    return h('li', null, h('span.name', { title: name }, name), track, h('span.number', null, likely(probability)));
  };
  return [
    prediction.none
      ? h('p.answer', null, h('strong', null, 'None of these'), h('span.note', null, ` nearest is ${prediction.likeliest}`))
      : h('p.answer', null, h('span.is', null, chip(names.indexOf(prediction.class)), h('strong', null, prediction.class)), h('span.number', null, likely(prediction.probability))),
    h('ul.plain.bars', { 'aria-label': prediction.none ? 'If it were one of them' : 'Probabilities' }, ranked.slice(0, MOST_BARS).map(bar)),
    ranked.length > MOST_BARS && h('details', null, h('summary', null, `All ${ranked.length} concepts`), h('ul.plain.bars', null, ranked.slice(MOST_BARS).map(bar))),
  ].filter(Boolean);
}
