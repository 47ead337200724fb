/** Where samples come in: dropped, chosen, recorded, photographed or typed. */

import { h, newId, announce, count } from './dom.js';
import { icon } from './icons.js';
import { acceptOf, filesOf, samplesOf, textSample, bytes } from './kinds.js';
import { canRecord, recordButton } from './microphone.js';
import { canPhotograph, cameraButton } from './camera.js';

/**
 * @param {object} options
 * @param {string[]} options.accepts kinds of samples
 * @param {object} options.limits of the model
 * @param {string} options.what for whom: "for cat"; said to those who do not see the page
 * @param {function} options.take given new samples
 * @param {Element} [options.zone] on what files may be dropped; the collector itself where left out
 * @param {boolean} [options.large] whether it is the main thing to do
 * @param {string} [options.textAction] what the button beside the text field says
 */
export function collector({ accepts, limits, what, take, zone, large, textAction = 'Add' }) {
  const refusals = h('div', { role: 'alert' });
  const chooser = h('input', { type: 'file', multiple: true, accept: acceptOf(accepts), hidden: true, tabindex: -1, 'aria-hidden': 'true', change: chosen });
  const files = accepts.filter(kind => kind !== 'text' || accepts.length === 1);
  const whom = h('span.unseen');
  const drop = h('button.drop', { type: 'button', click: () => chooser.click() },
    icon('upload'), h('span', null, `Drop ${filesOf(files)} here, or `, h('u', null, 'choose files'), whom));
  const extras = h('div.row');
  const element = h(large ? 'div.collector.large' : 'div.collector', null, drop, chooser, extras, refusals);
  const relabel = () => { whom.textContent = ` ${what()}`; };
  relabel();

  if (accepts.includes('audio') && canRecord()) extras.append(recordButton(limits.maxSeconds ?? 60, given, fail));
  if (accepts.includes('image') && canPhotograph()) extras.append(cameraButton(given, fail));
  if (accepts.includes('text')) element.insertBefore(typed(), refusals);
  if (!extras.childElementCount) extras.hidden = true;
  dropTarget(zone ?? element, add);

  function given(sample) {
    refusals.replaceChildren();
    take([sample]);
  }

  async function chosen() {
    const list = [...chooser.files];
    chooser.value = '';
    await add(list);
  }

  async function add(list) {
    const { samples, refused } = await samplesOf(list, accepts, limits);
    refusals.replaceChildren(...refused.slice(0, 3).map(why => h('p.amiss', null, why)),
      ...refused.length > 3 ? [h('p.amiss', null, `So are ${refused.length - 3} others: left out.`)] : []);
    if (samples.length) {
      take(samples);
      announce(`${count(samples.length, 'file')} added ${what()}.`);
    }
  }

  function fail({ title, detail }) {
    refusals.replaceChildren(h('p.amiss', null, h('strong', null, `${title}. `), detail));
  }

  function typed() {
    const id = newId('text');
    const field = h('textarea', { id, rows: 2, spellcheck: 'false', keydown: event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) enter(event);
    } });
    function enter(event) {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return field.focus();
      if (new Blob([text]).size > limits.maxTextBytes) return fail({ title: 'The text is too long', detail: `At most ${bytes(limits.maxTextBytes)} are taken.` });
      field.value = '';
      field.focus();
      announce(`Text added ${what()}.`);
      return given(textSample(text));
    }
    return h('div.typed', null, h('label', { for: id }, 'Or type a text'), field, h('div.row', null, h('button.small', { type: 'button', click: enter }, textAction)));
  }
  return { element, relabel, focus: () => drop.focus() };
}

function dropTarget(element, add) {
  let depth = 0;
  const leave = () => {
    depth = 0;
    element.classList.remove('over');
  };
  element.addEventListener('dragenter', event => {
    if (!event.dataTransfer.types.includes('Files')) return;
    depth++;
    element.classList.add('over');
  });
  element.addEventListener('dragleave', () => { if (--depth <= 0) leave(); });
  element.addEventListener('dragover', event => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  element.addEventListener('drop', event => {
    event.preventDefault();
    leave();
    add([...event.dataTransfer.files]);
  });
}
