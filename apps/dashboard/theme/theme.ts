import { useSyncExternalStore } from 'react';

/** What the reader chose; `system` follows the operating system. */
export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const KEY = 'hoptime.theme';
const listeners = new Set<() => void>();
const dark = window.matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', () => listeners.forEach((listener) => listener()));

function stored(): ThemeChoice {
  try {
    return THEME_CHOICES.find((choice) => choice === window.localStorage.getItem(KEY)) ?? 'system';
  } catch {
    // storage may be forbidden in this browser: the choice then lasts as long as the page
    return 'system';
  }
}

let choice = stored();
apply();

function apply(): void {
  document.documentElement.dataset.theme = choice === 'system' ? '' : choice;
}

/** Chooses light, dark or what the system says, for this browser. */
export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    window.localStorage.setItem(KEY, next);
  } catch {
    // as above
  }
  apply();
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);

/** The theme that is shown now. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () => (choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice));
}
