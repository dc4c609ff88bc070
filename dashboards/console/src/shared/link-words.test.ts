import { describe, expect, it } from 'vitest'
import { type LinkEvidence, signatureWord, verdictWord } from './link-words.ts'

const good: LinkEvidence = {
  arrived: true,
  signature: 'VALID',
  verdict: { state: 'OK', code: null },
}
const failed = (code: string): Partial<LinkEvidence> => ({ verdict: { state: 'FAILED', code } })
const unknown = (code: string): Partial<LinkEvidence> => ({ verdict: { state: 'UNKNOWN', code } })

describe('the word for a signature', () => {
  it.each<[string, Partial<LinkEvidence>, string, string]>([
    ['holds', {}, 'valid', 'good'],
    ['is wrong', { signature: 'INVALID', ...failed('signature_invalid') }, 'bad signature', 'bad'],
    ['has no text', { arrived: false, signature: 'MISSING' }, 'missing link', 'gap'],
    [
      'is the word of a framework',
      { signature: 'MISSING', ...unknown('signature_missing') },
      'unsigned',
      'gap',
    ],
    [
      'is of a root we do not know',
      { signature: 'UNCHECKED', ...unknown('issuer_untrusted') },
      'unknown key',
      'unknown',
    ],
    [
      'has no key yet',
      { signature: 'UNCHECKED', ...unknown('chain_incomplete') },
      'not checked',
      'unknown',
    ],
    [
      'holds for a text that is refused',
      { signature: 'INVALID', ...failed('malformed') },
      'refused',
      'bad',
    ],
  ])('that %s', (_, part, text, tone) => {
    expect(signatureWord({ ...good, ...part })).toEqual({ text, tone })
  })
})

describe('what the verdict adds', () => {
  it.each<[Partial<LinkEvidence>, string | undefined]>([
    [{}, undefined],
    [failed('expired'), 'expired at use'],
    [failed('par_hash_mismatch'), 'parent hash mismatch'],
    [failed('depth_invalid'), 'deeper than allowed'],
    [failed('audience_mismatch'), 'audience mismatch'],
    [unknown('chain_incomplete'), 'link above missing'],
    [unknown('issuer_untrusted'), undefined],
  ])('%j', (part, text) => expect(verdictWord({ ...good, ...part })?.text).toBe(text))

  it('is never drawn as good where it is unknown', () => {
    expect(verdictWord({ ...good, ...unknown('key_unavailable') })?.tone).toBe('unknown')
  })
})
