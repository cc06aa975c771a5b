#!/usr/bin/env node
import 'reflect-metadata';
import { isDebug, useUtc } from '../../libs/config/config';
import { runCli } from './cli';
import { endQuietlyOnClosedPipe } from './output';

useUtc();
endQuietlyOnClosedPipe();
void runCli(isDebug()).then((code) => {
  process.exitCode = code;
});
