#!/usr/bin/env node
import 'reflect-metadata';
import { isDebug, useUtc, widenThreadPool } from '../../libs/config/config';
import { runCli } from './cli';
import { endQuietlyOnClosedPipe } from './output';

useUtc();
widenThreadPool();
endQuietlyOnClosedPipe();
void runCli(isDebug()).then((code) => {
  process.exitCode = code;
});
