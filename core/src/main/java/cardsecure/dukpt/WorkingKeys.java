package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;

/// From a base key to the key that one swipe is encrypted with. Without state, safe for threads; nothing is kept, so
/// that no device's key outlives a request.
public final class WorkingKeys {
    private WorkingKeys() {}

    /// The working key of a transaction. Its caller destroys it.
    ///
    /// @return 16 bytes with TDES, which some readers use as a key of AES; 16, 24 or 32 with AES
    /// @throws Refusal `0078` if the KSN is not of the base key's scheme; `0044` if the variant is none of its own
    public static SecretBytes derive(BaseKey baseKey, Ksn ksn, KeyVariant variant) {
        if (ksn.scheme() != baseKey.algorithm().scheme()) {
            throw new Refusal(ErrorCode.INVALID_SWIPE_DATA, "the KSN has not the length that its base key's have");
        }
        if (!variant.isOf(baseKey.algorithm())) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "a base key has no variant of another algorithm");
        }
        return switch (variant.kind()) {
            case KeyVariant.Kind.Tdes(TdesUsage usage) -> {
                SecretBytes initial = TdesDukpt.initialKey(baseKey, ksn);
                SecretBytes transaction = TdesDukpt.transactionKey(initial, ksn);
                initial.destroy();
                SecretBytes working = TdesDukpt.workingKey(transaction, usage);
                transaction.destroy();
                yield working;
            }
            case KeyVariant.Kind.Aes(AesUsage usage, AesKeyType type) -> {
                SecretBytes initial = AesDukpt.initialKey(baseKey, ksn);
                SecretBytes transaction = AesDukpt.transactionKey(initial, ksn);
                initial.destroy();
                SecretBytes working = AesDukpt.workingKey(transaction, ksn, usage, type);
                transaction.destroy();
                yield working;
            }
        };
    }
}
