package cardsecure.tls;

import cardsecure.config.TlsConfig;
import cardsecure.config.TlsIdentityConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files that a configuration names.
///
/// @param all each once or oftener
/// @param secret those that hold a key
record TlsFiles(List<Path> all, Set<Path> secret) {

    /// What is seen of a file without reading it; `key` tells a file from another one that was renamed to its place.
    private record Stamp(FileTime modified, long size, Optional<Object> key) {}

    static TlsFiles of(TlsConfig config) {
        List<Path> all = new ArrayList<>();
        List<Path> secret = new ArrayList<>();
        for (TlsIdentityConfig identity : config.identities()) {
            switch (identity) {
                case TlsIdentityConfig.Pem(Path certificate, Path key) -> {
                    all.add(certificate);
                    secret.add(key);
                }
                case TlsIdentityConfig.Pkcs12(Path file, Optional<Path> passwordFile) -> {
                    secret.add(file);
                    passwordFile.ifPresent(secret::add);
                }
            }
        }
        config.clientCa().ifPresent(all::add);
        all.addAll(secret);
        return new TlsFiles(List.copyOf(all), Set.copyOf(secret));
    }

    /// Something that differs from what it was earlier if a file was changed, replaced, removed or put back.
    Map<Path, ?> stamps() {
        Map<Path, Optional<Stamp>> stamps = new HashMap<>();
        all.forEach(file -> stamps.put(file, stamp(file)));
        return stamps;
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(seen.lastModifiedTime(), seen.size(), Optional.ofNullable(seen.fileKey())));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
