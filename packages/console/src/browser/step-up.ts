import { type ActionAsked, ActionNotDone, type ActionProver, type AskedOfKey, type Attempt } from './action-proof.ts';
import { CallError, call } from './call.ts';
import { describeError } from './describe-error.ts';
import { KeyError, signWithKey } from './webauthn.ts';

type KeyAnswer = Awaited<ReturnType<typeof signWithKey>>;

/** How a proof stands that a second person must approve. */
interface Standing {
  readonly status: string;
  readonly proof?: string;
  readonly decisionReason?: string;
}

/** What the dialog knows of the world; a test gives its own. */
export interface StepUpPorts {
  readonly now: () => number;
  /** Runs once after a time; the answer takes it back. */
  readonly after: (seconds: number, run: () => void) => () => void;
  readonly sign: (asked: AskedOfKey, cancelled: AbortSignal) => Promise<KeyAnswer>;
  readonly give: (proofUrl: string, answer: KeyAnswer) => Promise<{ readonly proof: string }>;
  readonly read: (proofUrl: string) => Promise<Standing>;
  readonly cancel: (proofUrl: string) => Promise<void>;
}

/**
 * What the person in front of the dialog sees. `asked`: their key is awaited; `signing`: the browser asks for it;
 * `sending`: the request is on its way and cannot be taken back; `over`: this proof can count no more, another may be
 * asked for; `waiting`: a second person must approve; `denied`: they said no.
 */
export interface StepUpState {
  readonly step: 'asked' | 'signing' | 'sending' | 'over' | 'waiting' | 'denied';
  readonly asked: ActionAsked;
  /** What happened last, in words; null for nothing. */
  readonly notice: string | null;
  /** How many other requests wait behind this one. */
  readonly others: number;
}

interface Waiting {
  asked: ActionAsked;
  readonly send: (proof?: string) => Promise<Attempt<unknown>>;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface StepUps {
  readonly prove: ActionProver;
  /** Null: nothing is asked. */
  readonly state: () => StepUpState | null;
  readonly subscribe: (listener: () => void) => () => void;
  readonly proveWithKey: () => Promise<void>;
  /** Sends the request again as it was, which asks for a new proof. */
  readonly askAgain: () => Promise<void>;
  /** Nothing is done, and what was typed stays. */
  readonly cancel: () => void;
}

export const TIME_OVER = 'The time to prove it is over. Nothing was changed.';
const GONE = 'What was asked is not there any more: it was answered elsewhere, or another session asked it.';
const POLL_SECONDS = 2;
/** Reasons after which the challenge is of no use; after any other a key may answer it again. */
const FINAL: readonly (string | undefined)[] = [
  'proof-expired',
  'proof-cancelled',
  'proof-used',
  'proof-key-gone',
  'challenge-used',
];

/**
 * Requests that wait for proof, one after another: the first is in front of the person. Knows of no framework: a page
 * draws what `state` says whenever it is told. The promise of each request stays open meanwhile, so that the form which
 * sent it goes on as if nothing had happened.
 */
export const createStepUps = (ports: StepUpPorts): StepUps => {
  const listeners = new Set<() => void>();
  const queue: Waiting[] = [];
  let state: StepUpState | null = null;
  let stopTimer = (): void => {};
  let asking = new AbortController();

  const tell = (next: StepUpState | null): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const show = (one: Waiting, step: StepUpState['step'], notice: string | null = null): void =>
    tell({ step, asked: one.asked, notice, others: queue.length - 1 });
  const isFirst = (one: Waiting): boolean => queue[0] === one;

  const leave = (one: Waiting, settle: () => void): void => {
    if (!isFirst(one)) return;
    stopTimer();
    asking.abort();
    queue.shift();
    settle();
    const next = queue[0];
    if (next === undefined) tell(null);
    else begin(next);
  };

  const expire = (one: Waiting): void => {
    if (!isFirst(one) || (state?.step !== 'asked' && state?.step !== 'signing')) return;
    asking.abort();
    show(one, 'over', TIME_OVER);
  };

  const poll = async (one: Waiting): Promise<void> => {
    const { proofUrl } = one.asked;
    try {
      const { status, proof, decisionReason } = await ports.read(proofUrl);
      if (!isFirst(one) || state?.step !== 'waiting') return;
      if (proof !== undefined) return await go(one, proof);
      if (status === 'DENIED') return show(one, 'denied', decisionReason ?? null);
      if (status !== 'WAITING') return show(one, 'over', TIME_OVER);
    } catch (error) {
      const isOver = error instanceof CallError && (error.status === 401 || error.status === 403);
      if (isOver) return leave(one, () => one.reject(error));
      if (error instanceof CallError && error.status === 404 && isFirst(one)) return show(one, 'over', GONE);
    }
    if (isFirst(one) && state?.step === 'waiting') stopTimer = ports.after(POLL_SECONDS, () => void poll(one));
  };

  const begin = (one: Waiting): void => {
    stopTimer();
    if (one.asked.kind === 'approval_required') {
      show(one, 'waiting');
      stopTimer = ports.after(POLL_SECONDS, () => void poll(one));
      return;
    }
    // It waited behind another, for longer than its challenge is good.
    if (ports.now() >= one.asked.endsAt) return void go(one);
    show(one, 'asked');
    stopTimer = ports.after((one.asked.endsAt - ports.now()) / 1000, () => expire(one));
  };

  /** Sends the request, with proof or to be asked anew. */
  const go = async (one: Waiting, proof?: string): Promise<void> => {
    stopTimer();
    show(one, 'sending');
    try {
      const attempt = await one.send(proof);
      if (attempt.kind === 'answered') return leave(one, () => one.resolve(attempt.answer as never));
      one.asked = attempt.asked;
      begin(one);
    } catch (error) {
      leave(one, () => one.reject(error));
    }
  };

  /** A key that did not answer, or one that does not count, may be followed by another; the rest is for the form. */
  const failed = (one: Waiting, error: unknown): void => {
    if (!isFirst(one) || state?.step === 'over') return;
    const { status, sallyport } = error instanceof CallError ? error : { status: null, sallyport: null };
    if (error instanceof KeyError) show(one, 'asked', error.message);
    else if (status === null || status === 401 || status === 429) leave(one, () => one.reject(error));
    else if (status === 404) show(one, 'over', GONE);
    else if (sallyport?.kind !== 'proof_refused') show(one, 'asked', describeError(error));
    else if (FINAL.includes(sallyport.reason)) show(one, 'over', describeError(error));
    else show(one, 'asked', `This key was not accepted. ${describeError(error)}`);
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    prove: (asked, send) =>
      new Promise((resolve, reject) => {
        const one: Waiting = { asked, send, resolve, reject };
        queue.push(one);
        if (isFirst(one)) begin(one);
        else if (state !== null) tell({ ...state, others: queue.length - 1 });
      }),
    async proveWithKey() {
      const one = queue[0];
      if (one === undefined || state?.step !== 'asked' || one.asked.kind !== 'step_up_required') return;
      asking = new AbortController();
      show(one, 'signing');
      try {
        const { signal } = asking;
        const answer = await ports.sign(one.asked, signal);
        if (signal.aborted || !isFirst(one)) return;
        show(one, 'sending');
        const { proof } = await ports.give(one.asked.proofUrl, answer);
        await go(one, proof);
      } catch (error) {
        failed(one, error);
      }
    },
    async askAgain() {
      const one = queue[0];
      if (one !== undefined && state?.step === 'over') await go(one);
    },
    cancel() {
      const one = queue[0];
      if (one === undefined || state === null || state.step === 'sending') return;
      const { step, notice } = state;
      const isDenied = step === 'denied';
      // A server that does not hear of it forgets it by itself: it expires, and nobody has proved it.
      if (!isDenied) ports.cancel(one.asked.proofUrl).catch(() => {});
      const denied = `It was denied${notice === null ? '' : `: ${notice}`}. Nothing was changed.`;
      leave(one, () => one.reject(isDenied ? new ActionNotDone(denied) : new ActionNotDone()));
    },
  };
};

/** The protected actions of this page. */
export const stepUps: StepUps = createStepUps({
  now: () => Date.now(),
  after: (seconds, run) => {
    const timer = setTimeout(run, seconds * 1000);
    return () => clearTimeout(timer);
  },
  sign: (asked, cancelled) => signWithKey(asked, asked.credentialIds, cancelled),
  give: (proofUrl, { credentialId, proof }) => call('POST', proofUrl, { body: { credentialId, ...proof } }),
  read: (proofUrl) => call('GET', proofUrl, { isBackground: true }),
  cancel: (proofUrl) => call('DELETE', proofUrl),
});
