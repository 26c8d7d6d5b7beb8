;; Loops of a search that JavaScript does in three to six times the time. Addresses are in bytes.
(module
  (memory (export "memory") 1)

  ;; Dot products of the vector at 0 (f32) with rows of bytes (i8), sixteen dimensions at a time.
  (func (export "dots") (param $rows i32) (param $count i32) (param $dims i32) (param $out i32)
    (local $i i32) (local $sum v128) (local $more v128) (local $bytes v128) (local $half v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (local.set $more (v128.const i32x4 0 0 0 0))
        (local.set $i (i32.const 0))
        (loop $sixteen
          (local.set $bytes (v128.load (i32.add (local.get $rows) (local.get $i))))
          (local.set $half (i16x8.extend_low_i8x16_s (local.get $bytes)))
          (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul
            (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $half)))
            (v128.load (i32.shl (local.get $i) (i32.const 2))))))
          (local.set $more (f32x4.add (local.get $more) (f32x4.mul
            (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $half)))
            (v128.load offset=16 (i32.shl (local.get $i) (i32.const 2))))))
          (local.set $half (i16x8.extend_high_i8x16_s (local.get $bytes)))
          (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul
            (f32x4.convert_i32x4_s (i32x4.extend_low_i16x8_s (local.get $half)))
            (v128.load offset=32 (i32.shl (local.get $i) (i32.const 2))))))
          (local.set $more (f32x4.add (local.get $more) (f32x4.mul
            (f32x4.convert_i32x4_s (i32x4.extend_high_i16x8_s (local.get $half)))
            (v128.load offset=48 (i32.shl (local.get $i) (i32.const 2))))))
          (br_if $sixteen (i32.lt_u
            (local.tee $i (i32.add (local.get $i) (i32.const 16)))
            (local.get $dims))))
        (local.set $sum (f32x4.add (local.get $sum) (local.get $more)))
        (f32.store (local.get $out) (f32.add
          (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
          (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
        (local.set $rows (i32.add (local.get $rows) (local.get $dims)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $row))))

  ;; Dot products of the vector at 0 (i16) with rows of bytes (i8), each times its row's scale (f32), thirty-two dimensions at a time.
  (func (export "scan") (param $rows i32) (param $count i32) (param $dims i32) (param $scales i32) (param $out i32)
    (local $end i32) (local $at i32) (local $sum v128) (local $more v128) (local $bytes v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (local.set $more (v128.const i32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (local.set $end (i32.add (local.get $rows) (local.get $dims)))
        (loop $thirtytwo
          (local.set $bytes (v128.load (local.get $rows)))
          (local.set $sum (i32x4.add (local.get $sum) (i32x4.dot_i16x8_s
            (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load (local.get $at)))))
          (local.set $more (i32x4.add (local.get $more) (i32x4.dot_i16x8_s
            (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=16 (local.get $at)))))
          (local.set $bytes (v128.load offset=16 (local.get $rows)))
          (local.set $sum (i32x4.add (local.get $sum) (i32x4.dot_i16x8_s
            (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load offset=32 (local.get $at)))))
          (local.set $more (i32x4.add (local.get $more) (i32x4.dot_i16x8_s
            (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=48 (local.get $at)))))
          (local.set $at (i32.add (local.get $at) (i32.const 64)))
          (br_if $thirtytwo (i32.lt_u
            (local.tee $rows (i32.add (local.get $rows) (i32.const 32)))
            (local.get $end))))
        (local.set $sum (i32x4.add (local.get $sum) (local.get $more)))
        (f32.store (local.get $out) (f32.mul (f32.load (local.get $scales)) (f32.convert_i32_s (i32.add
          (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
          (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))))
        (local.set $scales (i32.add (local.get $scales) (i32.const 4)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $row))))

  ;; Adds factor × impact (u8) to the score (f32, from $scores on) of each passage (u32).
  (func (export "add") (param $ordinals i32) (param $impacts i32) (param $count i32) (param $factor f32) (param $scores i32)
    (local $score i32) (local $end i32)
    (local.set $end (i32.add (local.get $impacts) (local.get $count)))
    (block $done
      (loop $posting
        (br_if $done (i32.ge_u (local.get $impacts) (local.get $end)))
        (local.set $score (i32.add (local.get $scores) (i32.shl (i32.load (local.get $ordinals)) (i32.const 2))))
        (f32.store (local.get $score) (f32.add
          (f32.load (local.get $score))
          (f32.mul (local.get $factor) (f32.convert_i32_u (i32.load8_u (local.get $impacts))))))
        (local.set $ordinals (i32.add (local.get $ordinals) (i32.const 4)))
        (local.set $impacts (i32.add (local.get $impacts) (i32.const 1)))
        (br $posting))))

  ;; Address of the first score above $least from $from on, looking at sixteen at a time; $end when there is none.
  (func (export "above") (param $from i32) (param $end i32) (param $least f32) (result i32)
    (local $leasts v128)
    (local.set $leasts (f32x4.splat (local.get $least)))
    (block $found
      (loop $sixteen
        (br_if $found (i32.gt_u (i32.add (local.get $from) (i32.const 64)) (local.get $end)))
        (br_if $found (v128.any_true (v128.or
          (v128.or
            (f32x4.gt (v128.load (local.get $from)) (local.get $leasts))
            (f32x4.gt (v128.load offset=16 (local.get $from)) (local.get $leasts)))
          (v128.or
            (f32x4.gt (v128.load offset=32 (local.get $from)) (local.get $leasts))
            (f32x4.gt (v128.load offset=48 (local.get $from)) (local.get $leasts))))))
        (local.set $from (i32.add (local.get $from) (i32.const 64)))
        (br $sixteen)))
    (block $one
      (loop $next
        (br_if $one (i32.ge_u (local.get $from) (local.get $end)))
        (br_if $one (f32.gt (f32.load (local.get $from)) (local.get $least)))
        (local.set $from (i32.add (local.get $from) (i32.const 4)))
        (br $next)))
    (local.get $from)))
