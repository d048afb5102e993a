package program;

/** 350 methods to arm, in classes of 50. */
public final class Many {
    private Many() {}

    public static final class A {
        private A() {}

        public static int m0(int v) { return v + 0; } public static int m1(int v) { return v + 1; }
        public static int m2(int v) { return v + 2; } public static int m3(int v) { return v + 3; }
        public static int m4(int v) { return v + 4; } public static int m5(int v) { return v + 5; }
        public static int m6(int v) { return v + 6; } public static int m7(int v) { return v + 7; }
        public static int m8(int v) { return v + 8; } public static int m9(int v) { return v + 9; }
        public static int m10(int v) { return v + 10; } public static int m11(int v) { return v + 11; }
        public static int m12(int v) { return v + 12; } public static int m13(int v) { return v + 13; }
        public static int m14(int v) { return v + 14; } public static int m15(int v) { return v + 15; }
        public static int m16(int v) { return v + 16; } public static int m17(int v) { return v + 17; }
        public static int m18(int v) { return v + 18; } public static int m19(int v) { return v + 19; }
        public static int m20(int v) { return v + 20; } public static int m21(int v) { return v + 21; }
        public static int m22(int v) { return v + 22; } public static int m23(int v) { return v + 23; }
        public static int m24(int v) { return v + 24; } public static int m25(int v) { return v + 25; }
        public static int m26(int v) { return v + 26; } public static int m27(int v) { return v + 27; }
        public static int m28(int v) { return v + 28; } public static int m29(int v) { return v + 29; }
        public static int m30(int v) { return v + 30; } public static int m31(int v) { return v + 31; }
        public static int m32(int v) { return v + 32; } public static int m33(int v) { return v + 33; }
        public static int m34(int v) { return v + 34; } public static int m35(int v) { return v + 35; }
        public static int m36(int v) { return v + 36; } public static int m37(int v) { return v + 37; }
        public static int m38(int v) { return v + 38; } public static int m39(int v) { return v + 39; }
        public static int m40(int v) { return v + 40; } public static int m41(int v) { return v + 41; }
        public static int m42(int v) { return v + 42; } public static int m43(int v) { return v + 43; }
        public static int m44(int v) { return v + 44; } public static int m45(int v) { return v + 45; }
        public static int m46(int v) { return v + 46; } public static int m47(int v) { return v + 47; }
        public static int m48(int v) { return v + 48; } public static int m49(int v) { return v + 49; }
    }

    public static final class B {
        private B() {}

        public static int m0(int v) { return v + 0; } public static int m1(int v) { return v + 1; }
        public static int m2(int v) { return v + 2; } public static int m3(int v) { return v + 3; }
        public static int m4(int v) { return v + 4; } public static int m5(int v) { return v + 5; }
        public static int m6(int v) { return v + 6; } public static int m7(int v) { return v + 7; }
        public static int m8(int v) { return v + 8; } public static int m9(int v) { return v + 9; }
        public static int m10(int v) { return v + 10; } public static int m11(int v) { return v + 11; }
        public static int m12(int v) { return v + 12; } public static int m13(int v) { return v + 13; }
        public static int m14(int v) { return v + 14; } public static int m15(int v) { return v + 15; }
        public static int m16(int v) { return v + 16; } public static int m17(int v) { return v + 17; }
        public static int m18(int v) { return v + 18; } public static int m19(int v) { return v + 19; }
        public static int m20(int v) { return v + 20; } public static int m21(int v) { return v + 21; }
        public static int m22(int v) { return v + 22; } public static int m23(int v) { return v + 23; }
        public static int m24(int v) { return v + 24; } public static int m25(int v) { return v + 25; }
        public static int m26(int v) { return v + 26; } public static int m27(int v) { return v + 27; }
        public static int m28(int v) { return v + 28; } public static int m29(int v) { return v + 29; }
        public static int m30(int v) { return v + 30; } public static int m31(int v) { return v + 31; }
        public static int m32(int v) { return v + 32; } public static int m33(int v) { return v + 33; }
        public static int m34(int v) { return v + 34; } public static int m35(int v) { return v + 35; }
        public static int m36(int v) { return v + 36; } public static int m37(int v) { return v + 37; }
        public static int m38(int v) { return v + 38; } public static int m39(int v) { return v + 39; }
        public static int m40(int v) { return v + 40; } public static int m41(int v) { return v + 41; }
        public static int m42(int v) { return v + 42; } public static int m43(int v) { return v + 43; }
        public static int m44(int v) { return v + 44; } public static int m45(int v) { return v + 45; }
        public static int m46(int v) { return v + 46; } public static int m47(int v) { return v + 47; }
        public static int m48(int v) { return v + 48; } public static int m49(int v) { return v + 49; }
    }

    public static final class C {
        private C() {}

        public static int m0(int v) { return v + 0; } public static int m1(int v) { return v + 1; }
        public static int m2(int v) { return v + 2; } public static int m3(int v) { return v + 3; }
        public static int m4(int v) { return v + 4; } public static int m5(int v) { return v + 5; }
        public static int m6(int v) { return v + 6; } public static int m7(int v) { return v + 7; }
        public static int m8(int v) { return v + 8; } public static int m9(int v) { return v + 9; }
        public static int m10(int v) { return v + 10; } public static int m11(int v) { return v + 11; }
        public static int m12(int v) { return v + 12; } public static int m13(int v) { return v + 13; }
        public static int m14(int v) { return v + 14; } public static int m15(int v) { return v + 15; }
        public static int m16(int v) { return v + 16; } public static int m17(int v) { return v + 17; }
        public static int m18(int v) { return v + 18; } public static int m19(int v) { return v + 19; }
        public static int m20(int v) { return v + 20; } public static int m21(int v) { return v + 21; }
        public static int m22(int v) { return v + 22; } public static int m23(int v) { return v + 23; }
        public static int m24(int v) { return v + 24; } public static int m25(int v) { return v + 25; }
        public static int m26(int v) { return v + 26; } public static int m27(int v) { return v + 27; }
        public static int m28(int v) { return v + 28; } public static int m29(int v) { return v + 29; }
        public static int m30(int v) { return v + 30; } public static int m31(int v) { return v + 31; }
        public static int m32(int v) { return v + 32; } public static int m33(int v) { return v + 33; }
        public static int m34(int v) { return v + 34; } public static int m35(int v) { return v + 35; }
        public static int m36(int v) { return v + 36; } public static int m37(int v) { return v + 37; }
        public static int m38(int v) { return v + 38; } public static int m39(int v) { return v + 39; }
        public static int m40(int v) { return v + 40; } public static int m41(int v) { return v + 41; }
        public static int m42(int v) { return v + 42; } public static int m43(int v) { return v + 43; }
        public static int m44(int v) { return v + 44; } public static int m45(int v) { return v + 45; }
        public static int m46(int v) { return v + 46; } public static int m47(int v) { return v + 47; }
        public static int m48(int v) { return v + 48; } public static int m49(int v) { return v + 49; }
    }

    public static final class D {
        private D() {}

        public static int m0(int v) { return v + 0; } public static int m1(int v) { return v + 1; }
        public static int m2(int v) { return v + 2; } public static int m3(int v) { return v + 3; }
        public static int m4(int v) { return v + 4; } public static int m5(int v) { return v + 5; }
        public static int m6(int v) { return v + 6; } public static int m7(int v) { return v + 7; }
        public static int m8(int v) { return v + 8; } public static int m9(int v) { return v + 9; }
        public static int m10(int v) { return v + 10; } public static int m11(int v) { return v + 11; }
        public static int m12(int v) { return v + 12; } public static int m13(int v) { return v + 13; }
        public static int m14(int v) { return v + 14; } public static int m15(int v) { return v + 15; }
        public static int m16(int v) { return v + 16; } public static int m17(int v) { return v + 17; }
        public static int m18(int v) { return v + 18; } public static int m19(int v) { return v + 19; }
        public static int m20(int v) { return v + 20; } public static int m21(int v) { return v + 21; }
        public static int m22(int v) { return v + 22; } public static int m23(int v) { return v + 23; }
        public static int m24(int v) { return v + 24; } public static int m25(int v) { return v + 25; }
        public static int m26(int v) { return v + 26; } public static int m27(int v) { return v + 27; }
        public static int m28(int v) { return v + 28; } public static int m29(int v) { return v + 29; }
        public static int m30(int v) { return v + 30; } public static int m31(int v) { return v + 31; }
        public static int m32(int v) { return v + 32; } public static int m33(int v) { return v + 33; }
        public static int m34(int v) { return v + 34; } public static int m35(int v) { return v + 35; }
        public static int m36(int v) { return v + 36; } public static int m37(int v) { return v + 37; }
        public static int m38(int v) { return v + 38; } public static int m39(int v) { return v + 39; }
        public static int m40(int v) { return v + 40; } public static int m41(int v) { return v + 41; }
        public static int m42(int v) { return v + 42; } public static int m43(int v) { return v + 43; }
        public static int m44(int v) { return v + 44; } public static int m45(int v) { return v + 45; }
        public static int m46(int v) { return v + 46; } public static int m47(int v) { return v + 47; }
        public static int m48(int v) { return v + 48; } public static int m49(int v) { return v + 49; }
    }

    public static final class E {
        private E() {}

        public static int m0(int v) { return v + 0; } public static int m1(int v) { return v + 1; }
        public static int m2(int v) { return v + 2; } public static int m3(int v) { return v + 3; }
        public static int m4(int v) { return v + 4; } public static int m5(int v) { return v + 5; }
        public static int m6(int v) { return v + 6; } public static int m7(int v) { return v + 7; }
        public static int m8(int v) { return v + 8; } public static int m9(int v) { return v + 9; }
        public static int m10(int v) { return v + 10; } public static int m11(int v) { return v + 11; }
        public static int m12(int v) { return v + 12; } public static int m13(int v) { return v + 13; }
        public static int m14(int v) { return v + 14; } public static int m15(int v) { return v + 15; }
        public static int m16(int v) { return v + 16; } public static int m17(int v) { return v + 17; }
        public static int m18(int v) { return v + 18; } public static int m19(int v) { return v + 19; }
        public static int m20(int v) { return v + 20; } public static int m21(int v) { return v + 21; }
        public static int m22(int v) { return v + 22; } public static int m23(int v) { return v + 23; }
        public static int m24(int v) { return v + 24; } public static int m25(int v) { return v + 25; }
        public static int m26(int v) { return v + 26; } public static int m27(int v) { return v + 27; }
        public static int m28(int v) { return v + 28; } public static int m29(int v) { return v + 29; }
        public static int m30(int v) { return v + 30; } public static int m31(int v) { return v + 31; }
        public static int m32(int v) { return v + 32; } public static int m33(int v) { return v + 33; }
        public static int m34(int v) { return v + 34; } public static int m35(int v) { return v + 35; }
        public static int m36(int v) { return v + 36; } public static int m37(int v) { return v + 37; }
        public static int m38(int v) { return v + 38; } public static int m39(int v) { return v + 39; }
        public static int m40(int v) { return v + 40; } public static int m41(int v) { return v + 41; }
        public static int m42(int v) { return v + 42; } public static int m43(int v) { return v + 43; }
        public static int m44(int v) { return v + 44; } public static int m45(int v) { return v + 45; }
        public static int m46(int v) { return v + 46; } public static int m47(int v) { return v + 47; }
        public static int m48(int v) { return v + 48; } public static int m49(int v) { return v + 49; }
    }

    public static final class F {
        private F() {}

        public static int m0(int v) { return v + 0; } public static int m1(int v) { return v + 1; }
        public static int m2(int v) { return v + 2; } public static int m3(int v) { return v + 3; }
        public static int m4(int v) { return v + 4; } public static int m5(int v) { return v + 5; }
        public static int m6(int v) { return v + 6; } public static int m7(int v) { return v + 7; }
        public static int m8(int v) { return v + 8; } public static int m9(int v) { return v + 9; }
        public static int m10(int v) { return v + 10; } public static int m11(int v) { return v + 11; }
        public static int m12(int v) { return v + 12; } public static int m13(int v) { return v + 13; }
        public static int m14(int v) { return v + 14; } public static int m15(int v) { return v + 15; }
        public static int m16(int v) { return v + 16; } public static int m17(int v) { return v + 17; }
        public static int m18(int v) { return v + 18; } public static int m19(int v) { return v + 19; }
        public static int m20(int v) { return v + 20; } public static int m21(int v) { return v + 21; }
        public static int m22(int v) { return v + 22; } public static int m23(int v) { return v + 23; }
        public static int m24(int v) { return v + 24; } public static int m25(int v) { return v + 25; }
        public static int m26(int v) { return v + 26; } public static int m27(int v) { return v + 27; }
        public static int m28(int v) { return v + 28; } public static int m29(int v) { return v + 29; }
        public static int m30(int v) { return v + 30; } public static int m31(int v) { return v + 31; }
        public static int m32(int v) { return v + 32; } public static int m33(int v) { return v + 33; }
        public static int m34(int v) { return v + 34; } public static int m35(int v) { return v + 35; }
        public static int m36(int v) { return v + 36; } public static int m37(int v) { return v + 37; }
        public static int m38(int v) { return v + 38; } public static int m39(int v) { return v + 39; }
        public static int m40(int v) { return v + 40; } public static int m41(int v) { return v + 41; }
        public static int m42(int v) { return v + 42; } public static int m43(int v) { return v + 43; }
        public static int m44(int v) { return v + 44; } public static int m45(int v) { return v + 45; }
        public static int m46(int v) { return v + 46; } public static int m47(int v) { return v + 47; }
        public static int m48(int v) { return v + 48; } public static int m49(int v) { return v + 49; }
    }

    public static final class G {
        private G() {}

        public static int m0(int v) { return v + 0; } public static int m1(int v) { return v + 1; }
        public static int m2(int v) { return v + 2; } public static int m3(int v) { return v + 3; }
        public static int m4(int v) { return v + 4; } public static int m5(int v) { return v + 5; }
        public static int m6(int v) { return v + 6; } public static int m7(int v) { return v + 7; }
        public static int m8(int v) { return v + 8; } public static int m9(int v) { return v + 9; }
        public static int m10(int v) { return v + 10; } public static int m11(int v) { return v + 11; }
        public static int m12(int v) { return v + 12; } public static int m13(int v) { return v + 13; }
        public static int m14(int v) { return v + 14; } public static int m15(int v) { return v + 15; }
        public static int m16(int v) { return v + 16; } public static int m17(int v) { return v + 17; }
        public static int m18(int v) { return v + 18; } public static int m19(int v) { return v + 19; }
        public static int m20(int v) { return v + 20; } public static int m21(int v) { return v + 21; }
        public static int m22(int v) { return v + 22; } public static int m23(int v) { return v + 23; }
        public static int m24(int v) { return v + 24; } public static int m25(int v) { return v + 25; }
        public static int m26(int v) { return v + 26; } public static int m27(int v) { return v + 27; }
        public static int m28(int v) { return v + 28; } public static int m29(int v) { return v + 29; }
        public static int m30(int v) { return v + 30; } public static int m31(int v) { return v + 31; }
        public static int m32(int v) { return v + 32; } public static int m33(int v) { return v + 33; }
        public static int m34(int v) { return v + 34; } public static int m35(int v) { return v + 35; }
        public static int m36(int v) { return v + 36; } public static int m37(int v) { return v + 37; }
        public static int m38(int v) { return v + 38; } public static int m39(int v) { return v + 39; }
        public static int m40(int v) { return v + 40; } public static int m41(int v) { return v + 41; }
        public static int m42(int v) { return v + 42; } public static int m43(int v) { return v + 43; }
        public static int m44(int v) { return v + 44; } public static int m45(int v) { return v + 45; }
        public static int m46(int v) { return v + 46; } public static int m47(int v) { return v + 47; }
        public static int m48(int v) { return v + 48; } public static int m49(int v) { return v + 49; }
    }
}
