import { describe, expect, it } from 'vitest';
import { type ActionAsked, ActionNotDone, type AskedOfKey, type Attempt, actionAskedIn } from './action-proof.ts';
import { CallError } from './call.ts';
import { createStepUps, type StepUpPorts, TIME_OVER } from './step-up.ts';
import { KeyError } from './webauthn.ts';

const START = 1_795_000_000_000;
const ANSWER = { credentialId: 'k', proof: { clientData: 'c', authenticatorData: 'a', signatureData: 's' } };

const asked = (id: string, seconds = 120): AskedOfKey => ({
  kind: 'step_up_required',
  action: 'zone.create',
  words: `Do ${id}`,
  why: 'It matters.',
  proofUrl: `/sallyport/v1/proofs/${id}`,
  endsAt: START + seconds * 1000,
  challenge: 'AAAA',
  rpId: 'localhost',
  userVerification: 'required',
  credentialIds: ['k'],
});
const ofOthers = (id: string): ActionAsked => ({
  kind: 'approval_required',
  action: 'zone.create',
  words: `Do ${id}`,
  why: 'It matters.',
  proofUrl: `/sallyport/v1/proofs/${id}`,
  endsAt: START + 1800_000,
  approvalId: 'x',
  approvalUrl: '/approvals/x',
});
const refused = (reason: string, cause = reason): CallError =>
  new CallError(403, {
    errorCode: 'E0000092',
    errorCauses: [{ errorSummary: cause }],
    sallyport: { kind: 'proof_refused', reason },
  });
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

/** A world with a clock, a key and a server of its own; each is replaced by the test that means another. */
const world = (ports: Partial<StepUpPorts> = {}) => {
  let now = START;
  let timers: { at: number; run: () => void }[] = [];
  const cancelled: string[] = [];
  const stepUps = createStepUps({
    now: () => now,
    after: (seconds, run) => {
      const timer = { at: now + seconds * 1000, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    sign: () => Promise.resolve(ANSWER),
    give: (url) => Promise.resolve({ proof: `proof of ${url.split('/').at(-1)}` }),
    read: () => Promise.resolve({ status: 'WAITING' }),
    cancel: async (url) => {
      cancelled.push(url);
    },
    ...ports,
  });
  /** Sends that answer `done` with proof, and ask again without; what they were sent with. */
  const sender = (again: ActionAsked) => {
    const sent: (string | undefined)[] = [];
    const send = async (proof?: string): Promise<Attempt<string>> => {
      sent.push(proof);
      return proof === undefined ? { kind: 'asked', asked: again } : { kind: 'answered', answer: `done with ${proof}` };
    };
    return { sent, send };
  };
  return {
    stepUps,
    sender,
    cancelled,
    timers: () => timers.length,
    pass: async (seconds: number) => {
      now += seconds * 1000;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
      await settle();
    },
  };
};

describe('a protected action', () => {
  it('goes on with the proof, and answers as if nothing had happened', async () => {
    const { stepUps, sender, timers } = world();
    const { sent, send } = sender(asked('b'));
    const answer = stepUps.prove(asked('a'), send);
    expect(stepUps.state()).toMatchObject({ step: 'asked', notice: null, others: 0, asked: { words: 'Do a' } });
    await stepUps.proveWithKey();
    expect(await answer).toBe('done with proof of a');
    expect(sent).toEqual(['proof of a']);
    expect(stepUps.state()).toBeNull();
    expect(timers()).toBe(0);
  });

  it('that is cancelled is not sent, says so, and the server hears of it', async () => {
    const { stepUps, sender, cancelled } = world();
    const { sent, send } = sender(asked('b'));
    const answer = stepUps.prove(asked('a'), send);
    stepUps.cancel();
    await expect(answer).rejects.toThrow(new ActionNotDone('Cancelled. Nothing was changed.'));
    expect(sent).toEqual([]);
    expect(cancelled).toEqual(['/sallyport/v1/proofs/a']);
  });

  it('is not done by a key that answers after the cancel', async () => {
    let touch: (answer: typeof ANSWER) => void = () => {};
    const given: string[] = [];
    const { stepUps, sender } = world({
      sign: () => new Promise((resolve) => (touch = resolve)),
      give: async (url) => {
        given.push(url);
        return { proof: 'p' };
      },
    });
    const { sent, send } = sender(asked('b'));
    const answer = stepUps.prove(asked('a'), send);
    const proving = stepUps.proveWithKey();
    expect(stepUps.state()?.step).toBe('signing');
    stepUps.cancel();
    touch(ANSWER);
    await proving;
    await expect(answer).rejects.toBeInstanceOf(ActionNotDone);
    expect([given, sent]).toEqual([[], []]);
  });

  it('cannot be cancelled while it is on its way', async () => {
    let done: (attempt: Attempt<string>) => void = () => {};
    const { stepUps } = world();
    const answer = stepUps.prove<string>(asked('a'), () => new Promise((resolve) => (done = resolve)));
    const proving = stepUps.proveWithKey();
    await settle();
    expect(stepUps.state()?.step).toBe('sending');
    stepUps.cancel();
    done({ kind: 'answered', answer: 'done' });
    await proving;
    expect(await answer).toBe('done');
  });

  it.each<[string, unknown, string]>([
    [
      'a cancel in the browser',
      new KeyError('cancelled', 'It was cancelled before a key answered.', null),
      'It was ca',
    ],
    ['no answer in time', new KeyError('timed-out', 'No key answered in time.', null), 'No key answered in time.'],
    ['a wrong key', refused('key-unknown', 'This key is not enrolled.'), 'This key was not accepted. This key is not'],
    ['a server that does not answer', new CallError(0, { errorSummary: 'No answer.' }), 'No answer.'],
  ])('stays open after %s, with the sentence of it', async (_, error, sentence) => {
    let isFirst = true;
    const { stepUps, sender } = world({
      give: () => {
        if (!isFirst) return Promise.resolve({ proof: 'second' });
        isFirst = false;
        return Promise.reject(error);
      },
    });
    const answer = stepUps.prove(asked('a'), sender(asked('b')).send);
    await stepUps.proveWithKey();
    expect(stepUps.state()?.step).toBe('asked');
    expect(stepUps.state()?.notice).toContain(sentence);
    await stepUps.proveWithKey();
    expect(await answer).toBe('done with second');
  });

  it('whose time is over asks again, for the same request', async () => {
    const { stepUps, sender, pass } = world();
    const { sent, send } = sender(asked('b', 240));
    const answer = stepUps.prove(asked('a'), send);
    await pass(119);
    expect(stepUps.state()?.step).toBe('asked');
    await pass(1);
    expect(stepUps.state()).toMatchObject({ step: 'over', notice: TIME_OVER });
    await stepUps.proveWithKey();
    expect(sent).toEqual([]);
    await stepUps.askAgain();
    expect(stepUps.state()).toMatchObject({ step: 'asked', asked: { words: 'Do b' } });
    await stepUps.proveWithKey();
    expect(await answer).toBe('done with proof of b');
    expect(sent).toEqual([undefined, 'proof of b']);
  });

  it('whose time is over while the browser asks for the key takes that question back', async () => {
    const { stepUps, sender, pass } = world({
      sign: (_asked, cancelled) =>
        new Promise((_resolve, reject) =>
          cancelled.addEventListener('abort', () => reject(new KeyError('timed-out', 'late', null))),
        ),
    });
    void stepUps.prove(asked('a'), sender(asked('b')).send).catch(() => {});
    const proving = stepUps.proveWithKey();
    await pass(120);
    await proving;
    expect(stepUps.state()).toMatchObject({ step: 'over', notice: TIME_OVER });
  });

  it.each([
    ['used elsewhere', refused('challenge-used', 'The challenge was used before.')],
    ['expired for the server', refused('proof-expired', 'The proof expired.')],
    ['gone', new CallError(404, { errorSummary: 'Not found' })],
  ])('whose proof is %s says so, and may ask again', async (_, error) => {
    const { stepUps, sender } = world({ give: () => Promise.reject(error) });
    void stepUps.prove(asked('a'), sender(asked('b')).send).catch(() => {});
    await stepUps.proveWithKey();
    expect(stepUps.state()?.step).toBe('over');
    expect(stepUps.state()?.notice).not.toBeNull();
  });

  it.each([
    ['the session ended', 401],
    ['proofs are locked', 429],
  ])('is over when %s: the form hears of it', async (_, status) => {
    const { stepUps, sender } = world({ give: () => Promise.reject(new CallError(status, {})) });
    const answer = stepUps.prove(asked('a'), sender(asked('b')).send);
    await stepUps.proveWithKey();
    await expect(answer).rejects.toMatchObject({ status });
    expect(stepUps.state()).toBeNull();
  });

  it('that is refused after its proof leaves the refusal to the form', async () => {
    const { stepUps } = world();
    const answer = stepUps.prove(asked('a'), () => Promise.reject(refused('proof-of-another-action')));
    await stepUps.proveWithKey();
    await expect(answer).rejects.toMatchObject({ sallyport: { reason: 'proof-of-another-action' } });
  });

  it('waits behind the one that was asked before, and asks anew if that took too long', async () => {
    const { stepUps, sender, pass } = world();
    const [first, second] = [sender(asked('a')), sender(asked('b2', 400))];
    const answers = [stepUps.prove(asked('a', 240), first.send), stepUps.prove(asked('b', 120), second.send)];
    expect(stepUps.state()).toMatchObject({ others: 1, asked: { words: 'Do a' } });
    await pass(200);
    await stepUps.proveWithKey();
    await settle();
    expect(second.sent).toEqual([undefined]);
    expect(stepUps.state()).toMatchObject({ step: 'asked', others: 0, asked: { words: 'Do b2' } });
    await stepUps.proveWithKey();
    expect(await Promise.all(answers)).toEqual(['done with proof of a', 'done with proof of b2']);
  });

  it('of one that is cancelled leaves the others', async () => {
    const { stepUps, sender } = world();
    const answers = [
      stepUps.prove(asked('a'), sender(asked('a')).send),
      stepUps.prove(asked('b'), sender(asked('b')).send),
    ];
    stepUps.cancel();
    await stepUps.proveWithKey();
    await expect(answers[0]).rejects.toBeInstanceOf(ActionNotDone);
    expect(await answers[1]).toBe('done with proof of b');
  });
});

describe('an action that a second person must approve', () => {
  const begin = async (ports: Partial<StepUpPorts>) => {
    const made = world(ports);
    const sent: (string | undefined)[] = [];
    const answer = made.stepUps.prove<string>(asked('a'), async (proof) => {
      sent.push(proof);
      return proof === 'approved'
        ? { kind: 'answered', answer: 'done' }
        : { kind: 'asked', asked: proof === undefined ? asked('a') : ofOthers('a') };
    });
    await made.stepUps.proveWithKey();
    expect(made.stepUps.state()?.step).toBe('waiting');
    return { ...made, answer, sent };
  };

  it('waits, and goes on once they did', async () => {
    let isApproved = false;
    const { stepUps, answer, pass } = await begin({
      read: async () => (isApproved ? { status: 'APPROVED', proof: 'approved' } : { status: 'WAITING' }),
    });
    await pass(2);
    expect(stepUps.state()?.step).toBe('waiting');
    isApproved = true;
    await pass(2);
    expect(await answer).toBe('done');
  });

  it('shows why it was denied; nothing was changed', async () => {
    const { stepUps, answer, pass, cancelled } = await begin({
      read: async () => ({ status: 'DENIED', decisionReason: 'Not today' }),
    });
    await pass(2);
    expect(stepUps.state()).toMatchObject({ step: 'denied', notice: 'Not today' });
    stepUps.cancel();
    await expect(answer).rejects.toThrow('It was denied: Not today. Nothing was changed.');
    expect(cancelled).toEqual([]);
  });

  it('goes on waiting while nobody answers, and stops when it is cancelled', async () => {
    const { stepUps, answer, pass, timers, cancelled } = await begin({
      read: () => Promise.reject(new CallError(0, {})),
    });
    await pass(2);
    await pass(2);
    expect(stepUps.state()?.step).toBe('waiting');
    stepUps.cancel();
    await expect(answer).rejects.toBeInstanceOf(ActionNotDone);
    expect(timers()).toBe(0);
    expect(cancelled).toHaveLength(1);
  });

  it('may ask again after nobody decided in time', async () => {
    const { stepUps, pass, answer } = await begin({ read: async () => ({ status: 'EXPIRED' }) });
    await pass(2);
    expect(stepUps.state()).toMatchObject({ step: 'over', notice: TIME_OVER });
    stepUps.cancel();
    await expect(answer).rejects.toBeInstanceOf(ActionNotDone);
  });
});

describe('what a refusal asks', () => {
  const wire = {
    kind: 'step_up_required',
    action: 'zone.create',
    words: 'Create a network zone',
    why: 'w',
    proofUrl: '/sallyport/v1/proofs/p1',
    challenge: 'AAAA',
    rpId: 'localhost',
    userVerification: 'required',
    expiresAt: new Date(START).toISOString(),
    allowCredentials: [{ type: 'public-key', id: 'k' }],
  };
  it('is read with its end on the clock of this computer', () => {
    expect(actionAskedIn({ sallyport: wire }, 5000)).toMatchObject({ endsAt: START + 5000, credentialIds: ['k'] });
  });
  it.each([
    ['nothing', null],
    ['another kind', { sallyport: { ...wire, kind: 'proof_refused' } }],
    ['no challenge', { sallyport: { ...wire, challenge: undefined } }],
    ['an address of another server', { sallyport: { ...wire, proofUrl: 'https://evil.example/sallyport/' } }],
  ])('is nothing for %s', (_, envelope) => {
    expect(actionAskedIn(envelope, 0)).toBeNull();
  });
});
