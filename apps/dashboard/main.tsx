import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { NavigationProvider } from './address/navigation';
import { App } from './app';
import './theme/colours.css';
import './theme/base.css';
import './theme/frame.css';
import './theme/cards.css';
import './theme/tables.css';
import './theme/views.css';
// last, since it takes back what the others say of wide screens
import './theme/narrow.css';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <NavigationProvider>
      <App />
    </NavigationProvider>
  </StrictMode>,
);
