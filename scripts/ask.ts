import { ASK_HELP, parseAskArguments } from '../src/terminal/ask-arguments.ts';
import { fail, goOnWhenOutputCloses, leaveWhenOutputCloses } from '../src/terminal/fail.ts';

leaveWhenOutputCloses(process.stdout);
goOnWhenOutputCloses(process.stderr);
try {
  const wanted = parseAskArguments(process.argv.slice(2));
  if (wanted === null) {
    process.stdout.write(ASK_HELP);
  } else {
    const { readConfig } = await import('../src/config.ts');
    const { runAsk } = await import('../src/terminal/run-ask.ts');
    const { stdin: input, stdout: output, stderr: errors } = process;
    await runAsk(wanted, readConfig(), { input, output, errors });
  }
} catch (error) {
  fail(error);
}
