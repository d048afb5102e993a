package org.chromium.net;

import java.util.Date;
import java.util.Set;

/** The door of Cronet's class through which an app gives its pins. */
public abstract class CronetEngine {
    public static class Builder {
        public int pins;

        public Builder addPublicKeyPins(String host, Set<byte[]> pins, boolean subdomains, Date until) {
            this.pins += pins.size();
            return this;
        }
    }
}
