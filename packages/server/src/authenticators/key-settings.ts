import {
  type Attachment,
  asksVerification,
  type KeySettings,
  type UserVerification,
} from '@sallyport/model/authenticator-settings';
import { invalid } from '@sallyport/model/errors';
import type { LogTarget } from '@sallyport/model/log-event';
import { authorOf, type Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { aaguidGroupsIn } from '../policies/enrolment-documents.ts';
import { policiesOfType } from '../policies/find-policy.ts';
import { keepingAWayIn, wouldShutEverybodyOut } from '../policies/ways-in.ts';
import type { Transaction } from '../ports/store.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import { assertUnchanged } from '../settings/settings-version.ts';
import { quarantine } from './quarantine.ts';

type Optional<T> = T | null | undefined;

/** `settings` of the method `webauthn`, as the wire has them. */
export interface KeySettingsBody {
  readonly userVerification?: Optional<UserVerification>;
  readonly userVerificationForVerify?: Optional<UserVerification>;
  readonly attachment?: Optional<Attachment>;
  readonly residentKeyRequirement?: Optional<UserVerification>;
  readonly allowSyncablePasskeys?: Optional<boolean>;
  readonly certBasedAttestationValidation?: Optional<boolean>;
  readonly hardwareProtected?: Optional<boolean>;
  readonly fipsCompliant?: Optional<boolean>;
  readonly aaguidGroups?: Optional<readonly { readonly name: string; readonly aaguids: readonly string[] }[]>;
  readonly enableAutofillUI?: Optional<boolean>;
  readonly showSignInWithAPasskeyButton?: Optional<boolean>;
  readonly rpId?: Optional<{
    readonly enabled?: Optional<boolean>;
    readonly domain?: Optional<{ readonly name?: Optional<string> }>;
  }>;
}

/** What is asked for and would be a promise that this server does not keep is refused, not stored. */
const assertKept = (s: Services, body: KeySettingsBody): void => {
  if (body.enableAutofillUI === true || body.showSignInWithAPasskeyButton === true)
    throw invalid(
      body.enableAutofillUI === true ? 'enableAutofillUI' : 'showSignInWithAPasskeyButton',
      'A name is typed before a key is asked for: the sign-in page offers no keys by itself',
    );
  const name = body.rpId?.domain?.name ?? null;
  if (body.rpId?.enabled === true && name !== s.config.publicUrl.hostname)
    throw invalid('rpId', `Keys belong to ${s.config.publicUrl.hostname}, the host of the server’s public address`);
  if (body.userVerificationForVerify === 'DISCOURAGED')
    throw invalid(
      'userVerificationForVerify',
      'What a key is asked is the same for every name, and keys of administrators always verify the person',
    );
};

const checkedGroups = (s: Services, groups: KeySettings['aaguidGroups']): KeySettings['aaguidGroups'] => {
  const custom = s.settings.get('customAaguids').models;
  const names = groups.map(({ name }) => name.trim().toLowerCase());
  if (new Set(names).size < names.length) throw invalid('aaguidGroups', 'Two groups have the same name');
  return groups.map(({ name, aaguids }) => {
    const models = [...new Set(aaguids.map((aaguid) => aaguid.toLowerCase()))];
    for (const aaguid of models)
      if ((s.keyModels.find(aaguid, custom)?.roots.length ?? 0) === 0)
        throw invalid(
          'aaguidGroups',
          `No root is known for ${aaguid}, so no key could prove that it is one. Add the model with its roots, or a metadata file that has it`,
        );
    return { name: name.trim(), aaguids: models };
  });
};

/** Without it an AAGUID, "in hardware" and "FIPS" are a key's own word, which anybody can give. */
const assertProvable = (s: Services, next: KeySettings): void => {
  if (!next.certBasedAttestationValidation) {
    const claimed = [
      ...(next.aaguidGroups.length > 0 ? ['aaguidGroups'] : []),
      ...(next.hardwareProtected ? ['hardwareProtected'] : []),
      ...(next.fipsCompliant ? ['fipsCompliant'] : []),
    ];
    if (claimed[0] !== undefined)
      throw invalid(
        claimed[0],
        'Switch certBasedAttestationValidation on as well: without it the model is only what a key claims to be',
      );
  } else if ((s.keyModels.describe()?.models ?? 0) === 0 && s.settings.get('customAaguids').models.length === 0)
    throw invalid(
      'certBasedAttestationValidation',
      'No model is known yet, so no key could prove what it is. Put a metadata file into the data folder, or add a model with its roots',
    );
};

/** The settings that a body leads to: what it does not name stays. E0000001 for what cannot be kept. */
const checkedSettings = (s: Services, current: KeySettings, body: KeySettingsBody): KeySettings => {
  assertKept(s, body);
  const merged: KeySettings = {
    userVerification: body.userVerification ?? current.userVerification,
    userVerificationForVerify:
      body.userVerificationForVerify === 'DISCOURAGED'
        ? current.userVerificationForVerify
        : (body.userVerificationForVerify ?? current.userVerificationForVerify),
    attachment: body.attachment ?? current.attachment,
    residentKeyRequirement: body.residentKeyRequirement ?? current.residentKeyRequirement,
    allowSyncablePasskeys: body.allowSyncablePasskeys ?? current.allowSyncablePasskeys,
    certBasedAttestationValidation: body.certBasedAttestationValidation ?? current.certBasedAttestationValidation,
    hardwareProtected: body.hardwareProtected ?? current.hardwareProtected,
    fipsCompliant: body.fipsCompliant ?? current.fipsCompliant,
    aaguidGroups: checkedGroups(s, body.aaguidGroups ?? current.aaguidGroups),
  };
  const next: KeySettings = {
    ...merged,
    userVerificationForVerify: asksVerification(merged) ? 'REQUIRED' : 'PREFERRED',
  };
  assertProvable(s, next);
  return next;
};

/** `settings` of the answer: also what is always so here. */
export const presentKeySettings = (settings: KeySettings) => ({
  ...settings,
  enableAutofillUI: false,
  showSignInWithAPasskeyButton: false,
});

/** E0000001 for a group of models that goes while a policy of enrolment asks for it: nobody it is for could enrol a key. */
const assertGroupsStay = async (tx: Transaction, { aaguidGroups }: KeySettings): Promise<void> => {
  for (const { name, settings } of await policiesOfType(tx, 'MFA_ENROLL')) {
    const gone = aaguidGroupsIn(settings).find((asked) => !aaguidGroups.some((group) => group.name === asked));
    if (gone !== undefined)
      throw invalid('aaguidGroups', `The policy “${name}” asks for a key of the group ${gone}. Change it first`);
  }
};

const changesOf = (from: KeySettings, to: KeySettings) =>
  (Object.keys(to) as (keyof KeySettings)[])
    .filter((field) => JSON.stringify(from[field]) !== JSON.stringify(to[field]))
    .map((field) => ({ field, from: from[field], to: to[field] }));

/**
 * `PUT …/methods/webauthn?dryRun=true`: what would change, whose keys would not be taken any more, and why it would be
 * refused if it would. Nothing is changed.
 */
export const previewKeySettings = async (s: Services, principal: Principal, body: KeySettingsBody) => {
  const current = s.settings.get('keys');
  const next = checkedSettings(s, current, body);
  const isLockout = await wouldShutEverybodyOut(s, { keys: next });
  return {
    changes: changesOf(current, next),
    quarantine: await quarantine(s, principal, next),
    refusedBecause: isLockout ? sentenceOf('last-super-admin') : null,
  };
};

/**
 * `PUT …/methods/webauthn`: counts from the next registration and the next sign-in on; sessions that are open stay.
 * E0000006 when no super admin could sign in any more (design §4.13). 412 when `ifMatch` is the tag of other settings.
 */
export const putKeySettings = async (
  s: Services,
  principal: Principal,
  body: KeySettingsBody,
  ifMatch: string | undefined,
  record: (tx: Transaction, changeDetails: NonNullable<LogTarget['changeDetails']>) => Promise<void>,
): Promise<void> => {
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const previous = await s.settings.read(tx, 'keys');
    assertUnchanged(ifMatch, previous);
    const next = checkedSettings(s, previous, body);
    await assertGroupsStay(tx, next);
    await keepingAWayIn(s, tx, () => s.settings.put(tx, 'keys', next, s.clock.now(), authorOf(principal)));
    await record(tx, { from: { ...previous }, to: { ...next } });
  });
  await s.settings.reload();
};
