package cardsecure.kek;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What of an HSM's library (PKCS #11 2.40, 64-bit Linux) the JDK's provider does not reach: which tokens
/// there are, and to begin anew after a token was gone. All keys are the provider's business.
@SuppressWarnings("restricted") // native code is the point
final class Pkcs11Module {
    private static final long OK = 0;
    private static final long NOT_INITIALIZED = 0x190;
    private static final long ALREADY_INITIALIZED = 0x191;
    private static final long OS_LOCKING = 2;
    private static final int SLOTS_MAX = 1024;

    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    /// Where a function stands in `CK_FUNCTION_LIST`, after its version.
    private static final int INITIALIZE = 0;

    private static final int FINALIZE = 1;
    private static final int GET_SLOT_LIST = 4;
    private static final int GET_TOKEN_INFO = 6;
    private static final int FUNCTIONS = 7;

    /// `CK_TOKEN_INFO`: label, manufacturer, model, serial number, flags, ten numbers, two versions and the time.
    private static final long TOKEN_INFO_SIZE = 32 + 32 + 16 + 16 + 8 + 10 * 8 + 4 + 16;

    private static final int LABEL_LENGTH = 32;
    private static final int SERIAL_AT = 80;
    private static final int SERIAL_LENGTH = 16;
    private static final int FLAGS_AT = 96;
    private static final long FLAG_FINAL_TRY = 0x20000;
    private static final long FLAG_LOCKED = 0x40000;

    /// A token that is there.
    ///
    /// @param slot its slot's number
    /// @param finalTry whether one more wrong PIN locks it
    /// @param locked whether it takes no PIN any more
    record Token(long slot, String label, String serial, boolean finalTry, boolean locked) {
        /// @param flags as `CK_TOKEN_INFO` has them
        static Token of(long slot, String label, String serial, long flags) {
            return new Token(slot, label, serial, (flags & FLAG_FINAL_TRY) != 0, (flags & FLAG_LOCKED) != 0);
        }
    }

    /// The library did not do what it was asked.
    static final class ModuleException extends Exception {
        ModuleException(String message) {
            super(message);
        }

        ModuleException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final MemorySegment functions;

    private Pkcs11Module(MemorySegment functions) {
        this.functions = functions;
    }

    /// Loads a library; it stays loaded.
    static Pkcs11Module load(Path library) throws ModuleException {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
            MemorySegment entry = symbols.find("C_GetFunctionList")
                    .orElseThrow(() -> new ModuleException("it is no library of PKCS #11"));
            MemorySegment list = arena.allocate(POINTER);
            check("C_GetFunctionList", (long) function(entry, POINTER).invokeExact(list));
            MemorySegment found = list.get(POINTER, 0).reinterpret(POINTER.byteSize() * (1 + FUNCTIONS));
            return new Pkcs11Module(found);
        } catch (IllegalArgumentException e) {
            throw new ModuleException("it cannot be loaded", e);
        } catch (ModuleException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ModuleException("it cannot be called", e);
        }
    }

    private static MethodHandle function(MemorySegment address, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(ULONG, arguments));
    }

    private MethodHandle function(int index, MemoryLayout... arguments) {
        return function(functions.get(POINTER, POINTER.byteSize() * (1 + index)), arguments);
    }

    /// Has the library begin, if it has not.
    void initialize() throws ModuleException {
        try (Arena arena = Arena.ofConfined()) {
            // Four functions for locks, which it need not have, then flags and a word that is reserved.
            MemorySegment arguments = arena.allocate(48, 8);
            arguments.set(ULONG, 32, OS_LOCKING);
            long result = (long) function(INITIALIZE, POINTER).invokeExact(arguments);
            if (result != ALREADY_INITIALIZED) {
                check("C_Initialize", result);
            }
        } catch (ModuleException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ModuleException("it cannot be called", e);
        }
    }

    /// Has the library end: all sessions of this process end too.
    void end() throws ModuleException {
        try {
            long result = (long) function(FINALIZE, POINTER).invokeExact(MemorySegment.NULL);
            if (result != NOT_INITIALIZED) {
                check("C_Finalize", result);
            }
        } catch (ModuleException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ModuleException("it cannot be called", e);
        }
    }

    /// The tokens that are there now.
    List<Token> tokens() throws ModuleException {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle list = function(GET_SLOT_LIST, ValueLayout.JAVA_BYTE, POINTER, POINTER);
            MemorySegment count = arena.allocate(ULONG);
            count.set(ULONG, 0, SLOTS_MAX);
            MemorySegment slots = arena.allocate(ULONG, SLOTS_MAX);
            check("C_GetSlotList", (long) list.invokeExact((byte) 1, slots, count));
            MethodHandle info = function(GET_TOKEN_INFO, ULONG, POINTER);
            List<Token> tokens = new ArrayList<>();
            for (int i = 0; i < count.get(ULONG, 0); i++) {
                MemorySegment token = arena.allocate(TOKEN_INFO_SIZE, 8);
                long slot = slots.getAtIndex(ULONG, i);
                if ((long) info.invokeExact(slot, token) == OK) {
                    long flags = token.get(ULONG, FLAGS_AT);
                    tokens.add(
                            Token.of(slot, text(token, 0, LABEL_LENGTH), text(token, SERIAL_AT, SERIAL_LENGTH), flags));
                }
            }
            return tokens;
        } catch (ModuleException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ModuleException("it cannot be called", e);
        }
    }

    private static String text(MemorySegment from, long at, int length) {
        byte[] bytes = from.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    }

    private static void check(String function, long result) throws ModuleException {
        if (result != OK) {
            throw new ModuleException(String.format(Locale.ROOT, "%s answered 0x%x", function, result));
        }
    }
}
