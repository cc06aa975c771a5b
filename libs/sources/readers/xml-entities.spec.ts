import { decodeEntities } from './xml-entities';

describe('decodeEntities', () => {
  it.each([
    ['those of XML', '&lt;a&gt; &amp; &quot;b&quot; &apos;', `<a> & "b" '`],
    ['each once', '&amp;lt; &#38;amp;', '&lt; &amp;'],
    ['characters by number', 'Gr&#252;&#xDF;e &#x1F600;&#128512;', 'Grüße 😀😀'],
    ['tab and line ends', 'a&#9;b&#10;c&#xD;', 'a\tb\nc\r'],
    [
      'what names no character stays',
      '&#0; &#xD800; &#xFFFE; &#x110000; &#9999999;',
      '&#0; &#xD800; &#xFFFE; &#x110000; &#9999999;',
    ],
    ['others stay: only a document type defines them', '&nbsp; &e20; &LT; &;', '&nbsp; &e20; &LT; &;'],
    ['a lone ampersand stays', 'R&D & more; &amp', 'R&D & more; &amp'],
    ['none', 'nothing', 'nothing'],
  ])('%s', (_what, text, decoded) => expect(decodeEntities(text)).toBe(decoded));
});
