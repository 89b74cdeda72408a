import { setTimeout as pause } from 'node:timers/promises';
import type { ProofAnswer } from '@sallyport/client/answers';
import type { Client, ProofSource } from '@sallyport/client/create-client';
import type { ProofAsked } from '@sallyport/client/proof-asked';
import { Unreachable } from '@sallyport/client/unreachable';
import { CliError } from './cli-error.ts';
import { createCountdown } from './countdown.ts';
import { interruptible } from './interrupts.ts';
import { openBrowser } from './open-browser.ts';
import { oneLine } from './plain.ts';
import { note } from './print.ts';

/** What the flags of a verb say about proofs. */
export interface ProofWays {
  readonly isInputAllowed: boolean;
  readonly isBrowserOpened: boolean;
  /** How long to wait for somebody else's approval; null: not at all. */
  readonly approvalSeconds: number | null;
  /** A proof that an earlier run asked for. */
  readonly earlierId: string | null;
}

/** The server answers every second, but a network may not: so many seconds without an answer are borne. */
const SILENT_SECONDS = 15;
const NOTHING = 'Nothing was changed';
const idOf = (proofUrl: string): string => proofUrl.slice(proofUrl.lastIndexOf('/') + 1);

/** Nobody can be asked here and now; whoever reads this can do it, and repeat the command with `--proof`. */
const needsProof = ({ words, url, code, proofUrl, asWritten }: ProofAsked): CliError =>
  new CliError('needsInput', `this action needs fresh proof: ${words}`, {
    code: 'E0000092',
    hint:
      url === null
        ? 'prove it in your browser'
        : `open ${url}, confirm the code ${code ?? ''}, and repeat this with --proof ${idOf(proofUrl)}`,
    more: { status: 403, sallyport: asWritten },
  });

const needsApproval = (proofUrl: string, words: string, approvalUrl: string | null, more: object): CliError =>
  new CliError('pending', `somebody else must approve it: ${words}`, {
    code: 'E0000092',
    hint: `they approve at ${approvalUrl ?? 'their inbox'}; then repeat this with --proof ${idOf(proofUrl)}`,
    more: { status: 403, sallyport: { kind: 'approval_required', proofUrl, approvalUrl, words, ...more } },
  });

/** What a proof came to that will not be given any more. */
const endOf = ({ status, decisionReason }: ProofAnswer): CliError => {
  if (status === 'EXPIRED')
    return new CliError('needsInput', 'it was not confirmed in time', { code: 'proof_expired', reasons: [NOTHING] });
  if (status === 'DENIED')
    return new CliError('denied', 'it was denied', {
      code: 'approval_denied',
      reasons: [...(decisionReason === undefined ? [] : [decisionReason]), NOTHING],
    });
  return new CliError('denied', 'it was refused, or cancelled', { code: 'proof_cancelled', reasons: [NOTHING] });
};

/** Looks every second how a proof stands, until it is no more as it was. Looking does not keep a session alive. */
const untilMoved = async (
  client: Client,
  proofUrl: string,
  from: ProofAnswer['status'],
  what: string,
  until = Number.POSITIVE_INFINITY,
): Promise<ProofAnswer> => {
  const countdown = createCountdown();
  let silentSince: number | null = null;
  try {
    for (;;) {
      try {
        const state = (await client.send({ method: 'GET', path: proofUrl }, { isBackground: true }))
          .body as ProofAnswer;
        silentSince = null;
        const endsAt = Math.min(Date.parse(state.expiresAt), until);
        if (state.status !== from || Date.now() >= until) return state;
        countdown.show(what, endsAt);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        silentSince ??= Date.now();
        if (Date.now() - silentSince > SILENT_SECONDS * 1000) throw error;
      }
      await pause(1000);
    }
  } finally {
    countdown.clear();
  }
};

/**
 * Fresh proof for a command line: a person proves in their browser, to the page that is opened, with the code that is
 * shown here; where it takes somebody else, they approve in theirs. Ctrl-C cancels what waits for one's own key, and
 * leaves what waits for others.
 */
export const proofSource = (ways: ProofWays): ProofSource => {
  const waitForApproval = async (client: Client, proofUrl: string, words: string, approvalUrl: string | null) => {
    const { approvalSeconds } = ways;
    const pending = (more: object = {}): CliError => needsApproval(proofUrl, words, approvalUrl, more);
    if (approvalSeconds === null) throw pending();
    note(
      `Somebody else must approve it: ${oneLine(words)}.`,
      ...(approvalUrl === null ? [] : [`They approve at ${approvalUrl}.`]),
    );
    const until = Date.now() + approvalSeconds * 1000;
    const state = await interruptible(
      () => untilMoved(client, proofUrl, 'WAITING', 'Waiting for approval', until),
      async () => note(`The request stays open. To go on, repeat this with --wait --proof ${idOf(proofUrl)}.`),
    );
    if (state.status === 'WAITING') throw pending({ expiresAt: state.expiresAt });
    return state;
  };

  const given = async (client: Client, proofUrl: string, first: ProofAnswer, approvalUrl: string | null) => {
    const state =
      first.status === 'WAITING'
        ? await waitForApproval(client, proofUrl, first.words, first.approvalUrl ?? approvalUrl)
        : first;
    if (state.proof === undefined) throw endOf(state);
    return state.proof;
  };

  const untilProved = (client: Client, proofUrl: string): Promise<ProofAnswer> =>
    interruptible(
      () => untilMoved(client, proofUrl, 'ASKED', 'Waiting for you to confirm'),
      async () => {
        await client.send({ method: 'DELETE', path: proofUrl });
        note(`${NOTHING}.`);
      },
    );

  const { earlierId } = ways;
  const resume = async (client: Client): Promise<string> => {
    const proofUrl = `/sallyport/v1/proofs/${encodeURIComponent(earlierId ?? '')}`;
    const state = await client.call('proofs.get', { params: { proofId: earlierId ?? '' } });
    if (state.status !== 'ASKED') return given(client, proofUrl, state, null);
    if (!ways.isInputAllowed)
      throw new CliError('needsInput', 'it is not confirmed yet', { code: 'proof_not_given', reasons: [NOTHING] });
    return given(client, proofUrl, await untilProved(client, proofUrl), null);
  };

  return {
    ...(earlierId === null ? {} : { resume }),
    async obtain(asked, client) {
      const { kind, words, url, code, proofUrl, approvalUrl } = asked;
      if (kind === 'approval_required') {
        if (ways.approvalSeconds === null) throw needsApproval(proofUrl, words, approvalUrl, asked.asWritten);
        return given(client, proofUrl, await waitForApproval(client, proofUrl, words, approvalUrl), approvalUrl);
      }
      if (!ways.isInputAllowed || url === null || code === null) throw needsProof(asked);
      note(`This action needs fresh proof: ${oneLine(words)}.`, `Open ${url} and confirm code ${code}.`);
      // Whatever a server sends: only a page is opened, no file and no program of the desktop.
      if (ways.isBrowserOpened && /^https?:$/.test(URL.parse(url)?.protocol ?? '')) openBrowser(url);
      return given(client, proofUrl, await untilProved(client, proofUrl), approvalUrl);
    },
  };
};
