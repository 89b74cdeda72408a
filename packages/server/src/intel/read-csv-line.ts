/** The fields of one CSV line (RFC 4180 §2): commas, double quotes around a field, a doubled one inside. */
export const readCsvLine = (line: string): string[] => {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (character === '"') {
      if (isQuoted && line[i + 1] === '"') field += line[++i];
      else isQuoted = !isQuoted;
    } else if (character === ',' && !isQuoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
};
