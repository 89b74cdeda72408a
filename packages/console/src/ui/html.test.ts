import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HtmlValue, html, toText } from './html.ts';

describe('html', () => {
  it('escapes whatever could leave a text or a quoted attribute', () => {
    expect(toText(html`<p title="${'"><script>'}">${`<b>&'\``}</p>`)).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;&#96;</p>',
    );
  });

  it('lets no text through with a character of markup in it', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => !/[<>"'`]/.test(toText(html`${text}`))));
  });

  it('takes html, and lists of it, as it is', () => {
    expect(toText(html`<ul>${['a', '<'].map((text) => html`<li>${text}</li>`)}</ul>`)).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>',
    );
  });

  it('writes nothing for what is missing', () => {
    expect(toText(html`[${null}${undefined}${false}${0}]`)).toBe('[0]');
  });

  it('does not take an object of someone else for html', () => {
    const forged = JSON.parse('[{"markup":"<script>"}]') as HtmlValue[];
    expect(() => toText(html`${forged}`)).toThrow(TypeError);
  });
});
