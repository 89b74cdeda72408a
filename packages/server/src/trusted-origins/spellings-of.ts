/** The ways in which an origin may be written down: as browsers send it, and with the slash of an address. */
export const spellingsOf = (origin: string): readonly string[] => {
  const plain = origin.replace(/\/$/, '');
  return [plain, `${plain}/`];
};
