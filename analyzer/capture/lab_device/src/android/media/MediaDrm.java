package android.media;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import lab.runtime.Persona;

public final class MediaDrm implements AutoCloseable {
    public static final String PROPERTY_DEVICE_UNIQUE_ID = "deviceUniqueId";
    public static final String PROPERTY_VENDOR = "vendor";
    private static final UUID WIDEVINE = UUID.fromString("edef8ba9-79d6-4ace-a3c8-27dcd51d21ed");

    public MediaDrm(UUID uuid) throws UnsupportedSchemeException {
        if (!isCryptoSchemeSupported(uuid)) {
            throw new UnsupportedSchemeException("Failed to instantiate drm object.");
        }
    }

    public static final boolean isCryptoSchemeSupported(UUID uuid) {
        return WIDEVINE.equals(uuid);
    }

    public byte[] getPropertyByteArray(String propertyName) {
        String value = PROPERTY_DEVICE_UNIQUE_ID.equals(propertyName) ? Persona.text("id.drm", "") : "";
        if (value.isEmpty() || value.length() % 2 != 0 || !value.matches("[0-9a-fA-F]+")) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        byte[] result = new byte[value.length() / 2];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) Integer.parseInt(value.substring(2 * i, 2 * i + 2), 16);
        }
        return result;
    }

    public String getPropertyString(String propertyName) {
        return PROPERTY_VENDOR.equals(propertyName) ? "Lab" : "";
    }

    public void release() {}

    @Override
    public void close() {}
}
