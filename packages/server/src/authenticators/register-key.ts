import { judgeKeyRegistration } from '@sallyport/decide/authenticators/judge-key';
import { narrowKeySettings } from '@sallyport/decide/authenticators/narrow-key-settings';
import type { KeySettings } from '@sallyport/model/authenticator-settings';
import { ApiError } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import { sentenceOf } from '@sallyport/model/reasons';
import { newSecret } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { enrolledKeyData } from '../protected-actions/verify-proofs.ts';
import type { Services } from '../services.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent, userAsActor } from '../system-log/record-event.ts';
import { enrolmentOfPerson } from './enrolment-of-person.ts';
import { factorAsTarget, keyFactsOf, pendingFactor } from './factor-rows.ts';
import { modelColumns } from './key-models.ts';
import { type AskedOfKey, creationOptions, verifyRegistration } from './verify-webauthn.ts';

const KEYS_MAX = 10;
const CHALLENGE_SECONDS = 300;

const isKey = ({ kind, status }: Row<'factors'>): boolean => kind === 'webauthn' && status === 'ACTIVE';

const ATTACHMENT = { ANY: null, BUILT_IN: 'platform', ROAMING: 'cross-platform' } as const;
const ASKED = { DISCOURAGED: 'discouraged', PREFERRED: 'preferred', REQUIRED: 'required' } as const;

/** The settings in the browser's words. An administrator's key verifies the person whatever they say. */
const askedOf = (settings: KeySettings, holderNeedsDeviceBound: boolean): AskedOfKey => ({
  userVerification: holderNeedsDeviceBound ? 'required' : ASKED[settings.userVerification],
  residentKey: ASKED[settings.residentKeyRequirement],
  attachment: ATTACHMENT[settings.attachment],
});

/** Begins to register a key (WebAuthn Level 3 §7.1): the pending row, and what a browser is asked to make. E0000014 over ten. */
export const beginKey = (
  s: Services,
  user: Row<'users'>,
  enrolled: readonly Row<'factors'>[],
  createdBy: string,
  name: string | undefined,
  holderNeedsDeviceBound: boolean,
  settings: KeySettings = s.settings.get('keys'),
) => {
  const keys = enrolled.filter(isKey);
  if (keys.length >= KEYS_MAX)
    throw new ApiError('E0000014', { causes: [`An account holds at most ${KEYS_MAX} keys.`] });
  const challenge = newSecret(s.random);
  const factor = pendingFactor(
    s,
    { userId: user.id, createdBy },
    {
      kind: 'webauthn',
      name: name ?? freeName(enrolled, 'Security key', keys.length + 1),
      challenge,
      challengeExpiresAt: s.clock.now() + CHALLENGE_SECONDS * 1000,
    },
  );
  const activation = creationOptions({
    challenge,
    asked: askedOf(settings, holderNeedsDeviceBound),
    rpId: s.config.publicUrl.hostname,
    userId: user.id,
    userName: user.login,
    displayName: userAsActor(user).displayName,
    excludeCredentials: keys.map((key) => key.credentialId).filter((credentialId) => credentialId !== null),
  });
  return { factor, activation };
};

/** `Security key 2`, or the next number that is not taken. */
export const freeName = (enrolled: readonly Pick<Row<'factors'>, 'name'>[], word: string, from: number): string => {
  const name = `${word} ${from}`;
  return enrolled.some((factor) => factor.name === name) ? freeName(enrolled, word, from + 1) : name;
};

export interface KeyAnswer {
  readonly attestation: string;
  readonly clientData: string;
  readonly transports?: readonly string[] | undefined;
  /** The browser's `getClientExtensionResults()`. */
  readonly clientExtensions?: Readonly<Record<string, unknown>> | undefined;
}

/** WebAuthn Level 3 §10.1.3: `credProps.rk`; null where the browser does not say. It is not signed: a browser's word. */
const isDiscoverable = (clientExtensions: KeyAnswer['clientExtensions']): boolean | null => {
  const { rk } = (clientExtensions?.['credProps'] ?? {}) as { readonly rk?: unknown };
  return typeof rk === 'boolean' ? rk : null;
};

/** What finishing one registration needs beside the answer. */
export interface FinishKey {
  readonly user: Row<'users'>;
  readonly factor: Row<'factors'>;
  readonly answer: KeyAnswer;
  readonly holderNeedsDeviceBound: boolean;
  /** Of the events; the owner registers by a link before anybody is signed in. */
  readonly principal: Principal;
  readonly actor?: ReturnType<typeof userAsActor>;
  /** What is asked of the key in place of the organisation's settings. */
  readonly settings?: KeySettings;
  /** Judged once more inside the transaction, before anything is written. */
  readonly recheck: (tx: Transaction) => Promise<void>;
  /** What else changes with the key, in its transaction. */
  readonly onStored?: (tx: Transaction) => Promise<void>;
}

/** E0000228 with what is wrong with the key, which is no fault of its answer. */
const unfit = (sentence: string, sallyport?: Readonly<Record<string, unknown>>): ApiError =>
  new ApiError('E0000228', {
    args: [sentence],
    causes: [sentence],
    ...(sallyport === undefined ? {} : { extra: { sallyport } }),
  });

/**
 * Finishes a registration: the answer is verified, judged and stored, with its event. The challenge works once. Errors:
 * E0000068 for an answer that is late, replayed or not of this challenge, origin and RP id; E0000228 for a key that does
 * not qualify or is registered already.
 */
export const finishKey = async (s: Services, finish: FinishKey): Promise<Row<'factors'>> => {
  const { user, factor, answer, principal } = finish;
  if (factor.challenge === null || s.clock.now() >= (factor.challengeExpiresAt ?? 0))
    throw new ApiError('E0000068', { causes: [sentenceOf('challenge-expired')] });
  const verified = await verifyRegistration({
    attestation: answer.attestation,
    clientData: answer.clientData,
    expectedChallenge: factor.challenge,
    origin: s.config.publicUrl.origin,
    rpId: s.config.publicUrl.hostname,
  });
  if (!verified.ok)
    throw new ApiError('E0000068', { causes: ['The key’s answer could not be verified.'], detail: verified.detail });
  const now = s.clock.now();
  const model = s.keyModels.find(verified.aaguid, s.settings.get('customAaguids').models);
  const discoverable = isDiscoverable(answer.clientExtensions);
  const facts = {
    isBackupEligible: verified.isBackupEligible ? 1 : 0,
    aaguid: verified.aaguid,
    transports: JSON.stringify(answer.transports ?? []),
    ...modelColumns(model, verified.attestationChain, now),
  } as const;
  const { aaguidGroups } = await enrolmentOfPerson(s, s.store.read, user.id, 'webauthn');
  const verdict = judgeKeyRegistration({
    ...keyFactsOf(facts),
    isBackedUp: verified.isBackedUp,
    isUserVerified: verified.isUserVerified,
    isDiscoverable: discoverable,
    settings: finish.settings ?? narrowKeySettings(s.settings.get('keys'), aaguidGroups),
    holderNeedsDeviceBound: finish.holderNeedsDeviceBound,
  });
  const event = {
    eventType: 'user.mfa.factor.activate',
    ...(finish.actor === undefined ? {} : { actor: finish.actor }),
    target: [userAsActor(user), factorAsTarget(factor)],
  } as const;
  if (verdict.kind === 'deny') {
    const reason = verdict.reasons[0] ?? 'key-synced';
    await s.store.transaction(async (tx) => {
      await finish.recheck(tx);
      await tx.updateTable('factors').set({ challenge: null }).where('id', '=', factor.id).execute();
      await recordEvent(s, tx, principal, { ...event, outcome: { result: 'FAILURE', reason } });
    });
    throw unfit(sentenceOf(reason), { kind: 'denied', reason });
  }
  const change = {
    ...facts,
    status: 'ACTIVE',
    credentialId: verified.credentialId,
    publicKey: verified.publicKey,
    signCount: verified.signCount,
    isBackedUp: verified.isBackedUp ? 1 : 0,
    attestationFormat: verified.attestationFormat,
    attestationChain: verified.attestationChain === null ? null : JSON.stringify(verified.attestationChain),
    isDiscoverable: discoverable === null ? null : discoverable ? 1 : 0,
    challenge: null,
    challengeExpiresAt: null,
    lastUpdatedAt: now,
  } as const;
  await s.store.transaction(async (tx) => {
    await finish.recheck(tx);
    const taken = await tx
      .selectFrom('factors')
      .select('id')
      .where('credentialId', '=', verified.credentialId)
      .executeTakeFirst();
    if (taken !== undefined) throw unfit('This key is registered already. Use another one.');
    const changed = await tx
      .updateTable('factors')
      .set(change)
      .where('id', '=', factor.id)
      .where('challenge', '=', factor.challenge)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) throw new ApiError('E0000068', { causes: [sentenceOf('challenge-used')] });
    await recordEvent(s, tx, principal, {
      ...event,
      debugData: {
        aaguid: verified.aaguid,
        attestation: facts.isAttested === 1 ? 'attested' : 'claimed',
        ...enrolledKeyData(verified),
      },
    });
    await finish.onStored?.(tx);
  });
  return { ...factor, ...change };
};
