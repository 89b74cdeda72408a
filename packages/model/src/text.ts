/** PostgreSQL stores no NUL, and a lone surrogate has no UTF-8 form: text that holds one cannot be kept, nor searched. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
