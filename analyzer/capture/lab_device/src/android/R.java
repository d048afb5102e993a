package android;

public final class R {
    public R() {}

    public static final class id {
        public static final int title = 16908310;
        public static final int message = 16908299;
        public static final int content = 16908290;
        public static final int button1 = 16908313;
        public static final int button2 = 16908314;
        public static final int button3 = 16908315;

        public id() {}
    }
}
