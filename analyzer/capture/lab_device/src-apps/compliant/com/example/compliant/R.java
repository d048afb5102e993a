package com.example.compliant;

public final class R {
    private R() {}

    public static final class id {
        public static final int page_title = 0x7f0a0001;
        public static final int local_weather = 0x7f0a0002;
        public static final int purpose_ok = 0x7f0a0003;
        public static final int policy_link = 0x7f0a0004;
        public static final int privacy_title = 0x7f0a0010;
        public static final int privacy_text = 0x7f0a0011;
        public static final int privacy_link = 0x7f0a0012;
        public static final int privacy_disagree = 0x7f0a0013;
        public static final int privacy_agree = 0x7f0a0014;

        private id() {}
    }
}
