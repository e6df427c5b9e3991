package cardsecure.crypto;

import org.bouncycastle.crypto.engines.DESEngine;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/// DES and triple DES (ISO/IEC 18033-3) on single blocks, in place: what key derivations are defined on that are as
/// old as they. Nothing new is encrypted with it. Every call has a key of its own, so there is nothing to keep or to
/// look up; a key schedule costs less than a provider's instance.
public final class DesBlocks {
    /// Bytes of a block, and of a DES key.
    public static final int BLOCK = 8;

    private DesBlocks() {}

    /// Encrypts the block at `offset` with single DES under the 8 bytes of `key` at `keyOffset`.
    public static void encryptSingle(byte[] key, int keyOffset, byte[] block, int offset) {
        DESEngine engine = new DESEngine();
        engine.init(true, new KeyParameter(key, keyOffset, BLOCK));
        engine.processBlock(block, offset, block, offset);
    }

    /// Encrypts the block at `offset` with triple DES.
    ///
    /// @param key 16 bytes (encrypt, decrypt, encrypt under the first, second, first half), or 24
    public static void encryptTriple(byte[] key, byte[] block, int offset) {
        DESedeEngine engine = new DESedeEngine();
        engine.init(true, new KeyParameter(key));
        engine.processBlock(block, offset, block, offset);
    }
}
