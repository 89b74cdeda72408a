import type { KeySettings } from '@sallyport/client/answers';

type Choices<K extends keyof KeySettings> = readonly {
  readonly value: KeySettings[K] & string;
  readonly label: string;
}[];

export const LABELS: Readonly<Record<keyof KeySettings, string>> = {
  userVerification: 'PIN or fingerprint when a key is registered',
  userVerificationForVerify: 'PIN or fingerprint at every sign-in',
  attachment: 'Where the key is',
  residentKeyRequirement: 'The account is kept on the key',
  allowSyncablePasskeys: 'Take synced passkeys',
  certBasedAttestationValidation: 'Take only keys that prove their model',
  hardwareProtected: 'Take only models that keep their secret in hardware',
  fipsCompliant: 'Take only FIPS-certified models',
  aaguidGroups: 'Take only these models',
};

export const VERIFICATION: Choices<'userVerification'> = [
  { value: 'REQUIRED', label: 'required' },
  { value: 'PREFERRED', label: 'preferred' },
  { value: 'DISCOURAGED', label: 'not asked for' },
];
export const AT_SIGN_IN: Choices<'userVerificationForVerify'> = [
  { value: 'REQUIRED', label: 'required' },
  { value: 'PREFERRED', label: 'preferred' },
];
export const ATTACHMENT: Choices<'attachment'> = [
  { value: 'ANY', label: 'anywhere' },
  { value: 'BUILT_IN', label: 'built into the device' },
  { value: 'ROAMING', label: 'carried along, like a security key' },
];
const CHOICES = [...VERIFICATION, ...ATTACHMENT] as readonly { readonly value: string; readonly label: string }[];

/** A value in words. */
export const valueWords = (field: keyof KeySettings, value: unknown): string => {
  if (field === 'aaguidGroups') {
    const groups = value as KeySettings['aaguidGroups'];
    return groups.length === 0
      ? 'any model'
      : groups.map(({ name, aaguids }) => `${name} (${aaguids.length})`).join(', ');
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return CHOICES.find((choice) => choice.value === value)?.label ?? String(value);
};

/** One group a line: its name, an equals sign, its models. */
export const groupsText = (groups: KeySettings['aaguidGroups']): string =>
  groups.map(({ name, aaguids }) => `${name} = ${aaguids.join(', ')}`).join('\n');

const AAGUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What was typed as groups, or the first line that is none. */
export const readGroups = (
  text: string,
): { readonly groups: KeySettings['aaguidGroups'] } | { readonly error: string } => {
  const groups: { name: string; aaguids: string[] }[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [, name = '', list = ''] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    const aaguids = list
      .split(/[\s,]+/)
      .filter((one) => one !== '')
      .map((one) => one.toLowerCase());
    const wrong = aaguids.find((one) => !AAGUID.test(one));
    if (name.trim() === '') return { error: `“${line}” has no name: write YubiKey 5 = cb69481e-…` };
    if (wrong !== undefined) return { error: `“${wrong}” is no AAGUID.` };
    if (aaguids.length === 0) return { error: `“${name.trim()}” names no model.` };
    groups.push({ name: name.trim(), aaguids });
  }
  return { groups };
};
