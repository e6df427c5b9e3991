package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;

/// The clear part of a key block (TR-31:2018, A.2; X9.143, 6), of which the MAC says that it belongs to the key:
/// `version (1) | length (4) | usage (2) | algorithm (1) | mode of use (1) | key version (2) | exportability (1) |
/// number of optional blocks (2) | reserved (2) | optional blocks`.
///
/// An optional block: `id (2) | length (2 hex digits) | data`, or with a length of 00
/// `id (2) | 00 | digits of the length (2) | length | data`; each length counts all of the block.
///
/// @param version `A`, `B`, `C` or `D`: how key and header are bound
/// @param algorithm `T` or `A`
/// @param length characters, with the optional blocks
record KeyBlockHeader(char version, char algorithm, int length) {
    /// Characters of a header without optional blocks.
    static final int FIXED = 16;
    /// Characters of a key block: what four digits can say.
    static final int BLOCK_MAX = 9999;

    private static final int ID = 2;
    private static final int LENGTH = 2;

    /// Reads the header of a whole key block, printable ASCII.
    ///
    /// @throws Refusal `0044` for what is none, or is not one of a base key
    static KeyBlockHeader parse(String block) {
        if (block.length() < FIXED || block.length() > BLOCK_MAX) {
            throw refused("a key block has 16 to 9999 characters, not " + block.length());
        }
        if (number(block, 1, 5, 10) != block.length()) {
            throw refused("a key block's length is not what its header says; a part may be missing");
        }
        char version = block.charAt(0);
        if ("ABCD".indexOf(version) < 0) {
            throw refused("a key block is of the version A, B, C or D (TR-31:2018, X9.143)");
        }
        if (!block.startsWith("B0", 5)) {
            throw refused("the key block holds no base key: its usage is not B0");
        }
        char algorithm = block.charAt(7);
        if (algorithm != 'T' && algorithm != 'A') {
            throw refused("the key block's key is neither of triple DES (T) nor of AES (A)");
        }
        if ("XN".indexOf(block.charAt(8)) < 0) {
            throw refused("the key block's key is not for derivation: its mode of use is neither X nor N");
        }
        if ("ENS".indexOf(block.charAt(11)) < 0) {
            throw refused("the key block's exportability is none of E, N and S");
        }
        return new KeyBlockHeader(version, algorithm, FIXED + optionalLength(block));
    }

    /// Optional blocks are looked at so far as to find their end: whatever they say, the MAC covers it.
    private static int optionalLength(String block) {
        int count = number(block, 12, 14, 10);
        int at = FIXED;
        for (int i = 0; i < count; i++) {
            at += optionalBlock(block, at);
        }
        return at - FIXED;
    }

    private static int optionalBlock(String block, int at) {
        int head = ID + LENGTH;
        int length = number(block, at + ID, at + head, 16);
        if (length == 0) {
            int digits = number(block, at + head, at + head + LENGTH, 16);
            if (digits < 1 || digits > LENGTH + LENGTH) {
                throw refused("a key block's optional block has no sensible length");
            }
            int from = at + head + LENGTH;
            head += LENGTH + digits;
            length = number(block, from, from + digits, 16);
        }
        if (length < head || length > block.length() - at) {
            throw refused("a key block's optional block has no sensible length");
        }
        return length;
    }

    private static int number(String block, int from, int to, int radix) {
        if (to > block.length()) {
            throw refused("a key block ends within its header");
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char each = block.charAt(i);
            int digit = each < 0x80 ? Character.digit(each, radix) : -1;
            if (digit < 0) {
                throw refused("a number in a key block's header is none");
            }
            value = value * radix + digit;
        }
        return value;
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }
}
