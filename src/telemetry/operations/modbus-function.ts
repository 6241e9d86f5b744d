/** Names of the public function codes (Modbus Application Protocol V1.1b3, section 6). */
const FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'read_coils',
  2: 'read_discrete_inputs',
  3: 'read_holding_registers',
  4: 'read_input_registers',
  5: 'write_single_coil',
  6: 'write_single_register',
  7: 'read_exception_status',
  8: 'diagnostics',
  11: 'get_comm_event_counter',
  12: 'get_comm_event_log',
  15: 'write_multiple_coils',
  16: 'write_multiple_registers',
  17: 'report_slave_id',
  20: 'read_file_record',
  21: 'write_file_record',
  22: 'mask_write_register',
  23: 'read_write_multiple_registers',
  24: 'read_fifo_queue',
  43: 'encap_interface_transport',
}

/** What a function code asks for; `function_N` for one that no specification names. */
export function modbusFunction(code: number): string {
  return FUNCTIONS[code] ?? `function_${code}`
}
