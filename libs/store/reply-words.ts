/**
 * SQL over `smtp_reply`, for which statements say `hoptime_store.reply_words`: what an MTA answered, without what varies from mail to mail (whose words they are,
 * addresses, stamps in brackets as Dovecot and Exchange Online write them, ids and numbers of three digits and more), at most 120 characters.
 */
export const REPLY_WORDS = String.raw`substring(
    replaceRegexpAll(
        replaceRegexpAll(replaceRegexpOne(smtp_reply, '^.*? (?:said|refused to talk to me): ', ''),
            '<[^>]*>|\\[[^\\]]*\\d{4}-\\d\\d-\\d\\d[^\\]]*\\]|[[:alnum:]._%+=~-]+@[[:alnum:].-]+', '<…>'),
        '(\\s)[[:alnum:]:._/-]*\\d{3,}[[:alnum:]:._/-]*', '\\1#'), 1, 120)`;
