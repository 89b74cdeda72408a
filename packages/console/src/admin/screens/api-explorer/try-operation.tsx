import { Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../browser/call.ts';
import { useMay } from '../../frame/me.ts';
import { CopyBlock, CopyLine } from '../../ui/copyable.tsx';
import { Section } from '../../ui/page.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';
import { addressOf, bodySchemaOf, curlFor, isStream, type Operation, readBody } from './operation.ts';

/** One operation: what it asks and promises, and a form that sends it with the session of whoever sits here. */
export const TryOperation = ({ operation }: { readonly operation: Operation }) => {
  const { method, path, parameters = [] } = operation;
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [text, setText] = useState('');
  const [typed, setTyped] = useState('');
  const permission = operation['x-sallyport-permission'];
  const mayCall = useMay(permission);
  const protection = operation['x-sallyport-protected-action'];
  const schema = bodySchemaOf(operation);
  const body = readBody(text);
  const address = addressOf(operation, values);
  const isChange = method !== 'GET';
  const missing = parameters.filter(({ name, required }) => required && (values[name] ?? '').trim() === '');
  const send = useMutation({ mutationFn: () => call<unknown>(method, address, { body: body.value }) });
  const isReady =
    mayCall && !isStream(operation) && missing.length === 0 && body.isGood && (!isChange || typed.trim() === method);
  return (
    <Section title={operation.summary} lead={operation.description}>
      <dl className="sp-facts">
        <dt>Request</dt>
        <dd>
          <code className="sp-path">
            {method} {path}
          </code>
        </dd>
        <dt>Permission</dt>
        <dd>
          {permission === null ? 'none of a role' : <code>{permission}</code>}
          {!mayCall && ': you do not hold it'}
        </dd>
        {protection !== undefined && (
          <>
            <dt>Protected action</dt>
            <dd>{protection.action === undefined ? `none: ${protection.none}` : <code>{protection.action}</code>}</dd>
          </>
        )}
        {operation['x-sallyport-events'] !== undefined && (
          <>
            <dt>Events</dt>
            <dd>
              <code className="sp-path">{operation['x-sallyport-events'].join(', ')}</code>
            </dd>
          </>
        )}
      </dl>
      <form
        className="sp-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) send.mutate();
        }}
      >
        {parameters.map(({ name, in: place, required }) => (
          <TextInput
            key={name}
            label={name}
            description={place === 'path' ? 'in the path' : 'in the query'}
            value={values[name] ?? ''}
            required={required}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
          />
        ))}
        {schema !== null && (
          <>
            <Textarea
              label="Body (JSON)"
              value={text}
              rows={8}
              spellCheck={false}
              error={!body.isGood && 'This is not JSON yet.'}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <details>
              <summary>What the body may hold</summary>
              <CopyBlock text={JSON.stringify(schema, null, 2)} label="schema of the body" />
            </details>
          </>
        )}
        {isChange && (
          <TextInput
            label={`Type ${method} to send`}
            description="It is sent to this very server, and does what it says."
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        {isStream(operation) && <p className="sp-quiet">A stream does not end: look at it with curl.</p>}
        <div className="sp-dialog-actions">
          <ProtectedButton
            action={protection?.action ?? null}
            type="submit"
            loading={send.isPending}
            disabled={!isReady}
            color={method === 'DELETE' ? 'red' : 'blue'}
          >
            Send with my session
          </ProtectedButton>
        </div>
      </form>
      {send.isError && <Failure what="It was refused" error={send.error} wasChange={isChange} />}
      {send.isSuccess && (
        <>
          <p role="status">It was done.</p>
          <CopyBlock text={JSON.stringify(send.data, null, 2)} label="answer" />
        </>
      )}
      <p className="sp-cli">
        <span className="sp-quiet">By a program</span>{' '}
        <CopyLine text={curlFor(method, location.origin + address, body.value)} label="curl line" />
      </p>
    </Section>
  );
};
