import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { NavigationProvider } from './address/navigation';
import { App } from './app';
import './theme/style.css';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <NavigationProvider>
      <App />
    </NavigationProvider>
  </StrictMode>,
);
