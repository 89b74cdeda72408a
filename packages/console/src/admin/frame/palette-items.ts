export interface PaletteItem {
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  readonly words: string;
  readonly run: () => void;
}

const fold = (text: string): string => text.toLowerCase();

/** Every typed word must be in the item; what begins with the first one stands first, then what was used last. */
export const findItems = (items: readonly PaletteItem[], typed: string, recent: readonly string[]): PaletteItem[] => {
  const words = fold(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
  const rank = (item: PaletteItem): number => {
    const at = recent.indexOf(item.key);
    const begins = words[0] !== undefined && fold(item.title).startsWith(words[0]) ? 0 : 1;
    return begins * 1000 + (at === -1 ? 100 : at);
  };
  return items
    .filter((item) => words.every((word) => fold(`${item.title} ${item.words}`).includes(word)))
    .toSorted((a, b) => rank(a) - rank(b));
};
