/** Saying what went wrong, where it went wrong. */

import { h, announce } from './dom.js';
import { icon } from './icons.js';

/** A place for what went wrong in one part of the page. */
export function failures() {
  const element = h('div', { role: 'alert', tabindex: -1 });
  function clear() {
    if (element.contains(document.activeElement)) element.focus();
    element.replaceChildren();
  }

  /**
   * @param {Error} error with `title` and `detail` where the page or the server knows them
   * @param {function} [again] tries once more
   */
  function show(error, again) {
    if (error.name === 'AbortError') {
      clear();
      announce('Stopped.');
      return;
    }
    if (!error.title) console.error(error);
    const panel = h('div.failure', null, icon('warning'),
      h('div', null, h('strong', null, error.title ?? 'Something went wrong in this page'), h('p', null, error.detail ?? error.message),
        h('div.row', null,
          again && h('button.small', { type: 'button', click: () => { clear(); again(); } }, 'Try again'),
          h('button.small.quiet', { type: 'button', click: clear }, 'Dismiss'))));
    element.replaceChildren(panel);
    panel.scrollIntoView({ block: 'nearest' });
  }
  return { element, show, clear };
}

/**
 * Shows that work is going on, and lets it be stopped.
 * @returns {{element: Element, during: function}} `during(text, work)` runs work(signal) and shows the text
 */
export function busyLine() {
  const text = h('span');
  const stop = h('button.small.quiet', { type: 'button' }, 'Stop');
  const element = h('div.busy', { hidden: true }, text, stop);
  async function during(says, work, stoppable = true) {
    const control = new AbortController();
    const abort = () => control.abort();
    text.textContent = says;
    stop.hidden = !stoppable;
    stop.addEventListener('click', abort);
    element.hidden = false;
    try {
      return await work(control.signal);
    } finally {
      element.hidden = true;
      stop.removeEventListener('click', abort);
    }
  }
  return { element, during };
}

/** Asks before what cannot be undone; true where the person means it. */
export function confirm(title, text, action) {
  const dialog = h('dialog', { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
    h('form', { method: 'dialog' },
      h('h2', { id: 'confirm-title' }, title),
      h('p', { id: 'confirm-text' }, text),
      h('div.row.end', null, h('button', { value: '', autofocus: true }, 'Cancel'), h('button.primary.danger', { value: 'yes' }, action))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => {
    dialog.remove();
    resolve(dialog.returnValue === 'yes');
  }));
}
