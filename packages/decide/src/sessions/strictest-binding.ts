import { BINDING_MODES, type BindingMode, type BindingModes } from '@sallyport/model/session';

/** The stricter of two modes: ENFORCED > PROVE > MONITOR > DISABLED, the order of `BINDING_MODES`. */
const stricter = (a: BindingMode, b: BindingMode): BindingMode =>
  BINDING_MODES.indexOf(a) < BINDING_MODES.indexOf(b) ? a : b;

/**
 * The binding of an org session that reaches several apps: per axis the strictest of them (design §5.1).
 * Of nothing, everything is enforced: an empty list must not read as "no binding".
 */
export const strictestModes = (list: readonly BindingModes[]): BindingModes => {
  if (list.length === 0) return { asnBinding: 'ENFORCED', ipBinding: 'ENFORCED' };
  return list.reduce((a, b) => ({
    asnBinding: stricter(a.asnBinding, b.asnBinding),
    ipBinding: stricter(a.ipBinding, b.ipBinding),
  }));
};
