/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Attributes that are not understood are errors, at the attribute. */
struct frame;
struct window;

void typo(struct frame *frame) __attribute__((annotate("flushdep:fre 1"))); // expected-error {{flushdep attribute: unknown effect 'fre'; allowed: allocate, map}}
void no_such_parameter(struct frame *frame) __attribute__((annotate("flushdep:free 2"))); // expected-error {{flushdep attribute: the function has no parameter 2}}
struct window *bad_key(struct frame *frame) __attribute__((annotate("flushdep:map 1 handel=ret"))); // expected-error {{unknown key 'handel' beside 'map'; allowed: handle, failure, when}}
/* Somebody else's annotations are none of our business. */
void foreign(struct frame *frame) __attribute__((annotate("other:free 7")));

void use(struct frame *frame)
{
	typo(frame);
	no_such_parameter(frame);
	bad_key(frame);
	foreign(frame);
}
