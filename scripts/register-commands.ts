import { parseRegisterArguments, REGISTER_HELP, runRegister } from '../src/discord/run-register.ts';
import { fail, leaveWhenOutputCloses } from '../src/terminal/fail.ts';

leaveWhenOutputCloses(process.stdout);
try {
  const wanted = parseRegisterArguments(process.argv.slice(2));
  if (wanted === null) {
    process.stdout.write(REGISTER_HELP);
  } else {
    const { readConfig } = await import('../src/config.ts');
    await runRegister(wanted, readConfig().discord, process.stdout);
  }
} catch (error) {
  fail(error);
}
