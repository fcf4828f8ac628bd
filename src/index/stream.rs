//! The tokens of a text one after the other, as the library takes them.

use tantivy::tokenizer::{Token, TokenStream};

/// What has the tokens of a text.
pub(super) trait Tokens {
    /// Writes the token at a place, from 0; whether there is one.
    fn write(&self, at: usize, token: &mut Token) -> bool;
}

/// Tokens from the first on.
pub(super) struct Stream<'a, T> {
    tokens: &'a T,
    next: usize,
    token: Token,
}

impl<'a, T> Stream<'a, T> {
    pub(super) fn of(tokens: &'a T) -> Self {
        Self { tokens, next: 0, token: Token::default() }
    }
}

impl<T: Tokens> TokenStream for Stream<'_, T> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        let is_there = self.tokens.write(self.next, &mut self.token);
        self.next += 1;
        is_there
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
