const OPERATORS = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const LITERAL = /^(?:"(?:[^"\\]|\\.)*"|true|false|null|-?\d+(?:\.\d+)?)$/;

/**
 * A log filter from the words that the shell left. `sallyport log query eventType eq "a.b"` arrives without its
 * quotes: what follows an operator is put back into them. One word is a filter that was quoted as a whole.
 */
export const filterText = (words: readonly string[]): string | undefined => {
  if (words.length < 2) return words[0];
  return words
    .map((word, i) => {
      if (!OPERATORS.has((words[i - 1] ?? '').toLowerCase())) return word;
      // Brackets that close after the value stay outside of its quotes.
      const [, value = word, brackets = ''] = /^(.*?)(\)*)$/s.exec(word) ?? [];
      return (LITERAL.test(value) ? value : JSON.stringify(value)) + brackets;
    })
    .join(' ');
};
