import { notifications } from '@mantine/notifications';

/** Says that something was done, without asking for anything. */
export const sayDone = (message: string) => notifications.show({ message, color: 'teal', autoClose: 4000 });
