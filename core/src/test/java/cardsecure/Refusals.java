package cardsecure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What a refused thing is refused with.
public final class Refusals {
    private Refusals() {}

    /// The code that `refused` is refused with; fails if it is not.
    public static ErrorCode codeOf(ThrowingCallable refused) {
        return of(refused).code();
    }

    /// The refusal that `refused` throws; fails if it does not.
    public static Refusal of(ThrowingCallable refused) {
        Refusal refusal = catchThrowableOfType(Refusal.class, refused);
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }
}
