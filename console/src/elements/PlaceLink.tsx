import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { forwardRef, type AnchorHTMLAttributes } from 'react';

type Native = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>;

/** A link within the console. */
export const PlaceLink = createLink(forwardRef<HTMLAnchorElement, AnchorProps & Native>((properties, ref) => <Anchor ref={ref} {...properties} />));

/** A link that looks like a button. */
export const PlaceButton = createLink(
  forwardRef<HTMLAnchorElement, ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>>((properties, ref) => <Button component="a" ref={ref} {...properties} />),
);
